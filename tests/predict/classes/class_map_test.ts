import { assertEquals, assertThrows } from "@std/assert";
import {
  classGroups,
  classMap,
  matchText,
} from "../../../src/predict/classes/class_map.ts";
import { CLASS_TABLE } from "../../../src/predict/classes/class_table.ts";
import { COCO_CLASSES } from "../../../src/foreign/detections/coco_classes.ts";
import { builtInWords } from "../../../src/words/word_vectors.ts";
import { assertClose } from "../../_assert.ts";
import { DATA, isMissing } from "../../_fixtures.ts";

const words = await builtInWords();

const VOCABULARY = [
  ...["man", "woman", "bike", "phone", "table", "desk", "glass", "shoe", "teddy bear"],
  ...["bus", "boat", "sign", "street", "bag", "van", "knife", "jeans"],
];

const cases: [name: string, expected: string[], by: string][] = [
  // The same name.
  ["bike", ["bike"], "name"],
  ["Bike", ["bike"], "spelling"],
  [" BIKE ", ["bike"], "spelling"],
  ["teddy_bear", ["teddy bear"], "spelling"],
  ["TeddyBear", ["teddy bear"], "spelling"],
  ["teddy-bears", ["teddy bear"], "spelling"],
  ["shoes", ["shoe"], "spelling"],
  ["buses", ["bus"], "spelling"],
  ["knives", ["knife"], "spelling"],
  ["jean", ["jeans"], "spelling"],
  // The class table.
  ["person", ["man", "woman"], "table"],
  ["Pedestrians", ["man", "woman"], "table"],
  ["bicycle", ["bike"], "table"],
  ["cell phone", ["phone"], "table"],
  ["cellphone", ["phone"], "table"],
  ["diningtable", ["table"], "table"],
  ["wine glass", ["glass"], "table"],
  ["suitcase", ["bag"], "table"],
  ["car", ["van"], "table"], // only as there is no car
  // Several names, and remarks.
  ["Handbag/Satchel", ["bag"], "table"],
  ["Table / Desk", ["table", "desk"], "spelling"],
  ["person, individual, someone", ["man", "woman"], "table"],
  ["bus_(vehicle)", ["bus"], "spelling"],
  ["Gas/Oven", [], "none"],
  // Word vectors.
  ["ship", ["boat"], "words"],
  ["coffee table", ["table"], "words"],
  ["street sign", ["sign"], "words"], // not the street
  ["wild bus", ["bus"], "words"], // "wild" has no vector
  // Nothing.
  ["drone", [], "none"],
  ["glasses", [], "none"], // no plural of a glass
  ["hot dog", [], "none"],
  ["bear", [], "none"], // no teddy bear
  ["train", [], "none"], // the nearest is the bus, 0.85
  ["zebra", [], "none"],
];

for (const [name, expected, by] of cases) {
  Deno.test(`classMap() of "${name}" is ${expected.join(" or ") || "nothing"}`, () => {
    const { matches: [match], shares } = classMap([name], VOCABULARY, { words });
    assertEquals({ to: match.to, by: match.by as string }, { to: expected, by });
    assertEquals(shares[0].map(({ label }) => VOCABULARY[label]), expected);
  });
}

Deno.test("classMap() does not give a class what another class of the detector is", () => {
  const { matches } = classMap(["person", "woman"], ["man", "woman", "child"]);
  assertEquals(matches.map(({ to }) => to), [["man", "child"], ["woman"]]);
});

Deno.test("classMap() gives a class of the table its plural too, others the exact name", () => {
  const { matches } = classMap(["car", "shoe"], ["shoes", "cars", "car", "shoe"]);
  assertEquals(matches.map(({ to }) => to), [["cars", "car"], ["shoe"]]);
});

Deno.test("classMap() of a kind of a class is that class, if the vocabulary lacks the kind", () => {
  const { matches } = classMap(["woman", "boy"], ["person", "boy"]);
  assertEquals(matches.map(({ to }) => to), [["person"], ["boy"]]);
});

Deno.test("classMap() divides belief by the frequencies of classes, else evenly", () => {
  const weightsOf = (weights?: number[]) =>
    classMap(["person"], ["man", "dog", "woman"], { weights }).shares[0]
      .map(({ weight }) => weight);
  assertClose(weightsOf(), [0.5, 0.5], 0);
  assertClose(weightsOf([3, 100, 1]), [0.75, 0.25], 0);
  assertClose(weightsOf([0, 1, 0]), [0.5, 0.5], 0);
  assertThrows(
    () => weightsOf([1, 2]),
    RangeError,
    "weights must be 3 numbers >= 0, one a class: found 2 of them",
  );
  assertThrows(() => weightsOf([1, -2, 1]), RangeError, "found -2 at 1");
});

Deno.test("classGroups() are the classes that a word stands for, that of the entity first", () => {
  const groupsOf = (word: string, classes: string[], vocabulary: string[]) =>
    classGroups(classMap(classes, vocabulary), classes.indexOf(word));
  const vocabulary = ["man", "dog", "woman", "phone"];
  const person = { label: "person", classes: [0, 2] };
  // A cell phone is one class, which has its own name.
  assertEquals(groupsOf("person", ["person", "cell phone"], vocabulary), [person]);
  assertEquals(groupsOf("dog", ["person", "dog"], vocabulary), [person]);
  assertEquals(groupsOf("dog", ["man", "woman", "dog"], vocabulary), []);
  // The vocabulary has the word, in its own spelling.
  assertEquals(groupsOf("Person", ["Person"], ["man", "person"]), [
    { label: "person", classes: [0, 1] },
  ]);
  // A car may be a van or a vehicle, a bus only a vehicle.
  const broad = ["van", "vehicle"], own = ["car", "bus"];
  assertEquals(groupsOf("car", own, broad), [{ label: "car", classes: [0, 1] }]);
  assertEquals(groupsOf("bus", own, broad), []);
});

Deno.test("matchText() says how a class was found", () => {
  const names = ["person", "bike", "ship", "drone"];
  const { matches } = classMap(names, VOCABULARY, { words });
  assertEquals(matches.map(matchText), [
    "person: man or woman (class table)",
    "bike: bike (same name)",
    "ship: boat (word vectors, 0.82)",
    "drone: no class of the model",
  ]);
});

Deno.test("The class table has COCO's classes", () => {
  assertEquals(Object.keys(CLASS_TABLE), COCO_CLASSES.map(({ name }) => name));
});

const MAPPING = `${DATA}/class-mapping/coco80-to-scene-graph-vocabularies.json`;

/** Broader classes that the mapping by hand leaves out. */
const BROADER = ["light", "sign", "bag", "glove", "glass", "screen", "vehicle"];

Deno.test({
  name: "classMap() of COCO's classes is a mapping made by hand, but for looser classes",
  ignore: isMissing(MAPPING),
  fn() {
    const { coco80, maps, loose } = JSON.parse(Deno.readTextFileSync(MAPPING));
    const byHand = maps as Record<string, Record<string, string[]>>;
    for (const [vocabulary, map] of Object.entries(byHand)) {
      const names = [...new Set([...Object.values(map).flat(), ...BROADER])];
      const { matches } = classMap(coco80, names, { words });
      for (const { from, to } of matches) {
        const hand = map[from] ?? [];
        const beyond = to.filter((name) => !hand.includes(name));
        const lacking = hand.filter((name) => !to.includes(name));
        const where = `${vocabulary}, ${from}`;
        assertEquals(beyond.filter((name) => !BROADER.includes(name)), [], where);
        assertEquals(lacking.filter((name) => !loose.includes(name)), [], where);
      }
    }
  },
});
