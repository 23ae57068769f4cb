import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { checkExample } from "../../../src/example.ts";
import { SgpNames } from "../../../src/dataset/formats/sgp_names.ts";
import { readSgpImages, type SgpImage } from "../../../src/dataset/formats/sgp_pickle.ts";
import { ForeignRules } from "../../../src/foreign/rules.ts";
import { sourceOf } from "../../../src/io/byte_source.ts";
import { Vocabulary } from "../../../src/vocabulary.ts";
import { hasPython, withSgpFiles } from "./_sgp_archive.ts";

const ignore = !hasPython();

async function read(folder: string, list: string): Promise<(SgpImage | undefined)[]> {
  const path = `${folder}/data/${list}.p`;
  const source = sourceOf(await Deno.readFile(path), path);
  return await Array.fromAsync(readSgpImages(source, async (id) => {
    const name = `${folder}/data/${list.split("/")[0]}/baseline/${id}.p`;
    try {
      return { name, bytes: await Deno.readFile(name) };
    } catch {
      return undefined;
    }
  }));
}

Deno.test({
  name: "readSgpImages() reads what Python 2 would have written",
  ignore,
  fn: () =>
    withSgpFiles(async (folder) => {
      const images = await read(folder, "train/0");
      assertEquals(images.length, 12);
      assertEquals(images.map((image) => image === undefined).indexOf(true), 5);
      const names = new SgpNames();
      for (const [k, image] of images.entries()) {
        if (image === undefined) continue;
        names.add(image);
        const { example, numEntityClasses, numPredicates } = image;
        assertEquals([numEntityClasses, numPredicates], [150, 51]);
        const n = 2 + k % 4;
        const indices = Array.from({ length: n }, (_, i) => i);
        assertEquals(example.id, String(k + 1));
        assertEquals([example.width, example.height], [
          k === 6 ? Math.max(...indices.map((i) => 10 * i + 40 + i)) : 800,
          600,
        ]);
        assertEquals(
          [...example.boxes],
          indices.flatMap((i) => [10 * i, 5 * k, 10 * i + 40 + i, 5 * k + 30]),
        );
        assertEquals([...example.entityLabels], indices.map((i) => k + 3 * i));
        assertEquals(
          [...example.relations],
          indices.slice(1).flatMap((i) => [i - 1, i, k + i - 1]),
        );
        assertEquals(example.entityLogits[k], 4);
        assertEquals(example.entityLogits[k + 1], 0.25 * k);
        assertEquals(example.relationLogits[51 + k], 4); // subject 0, object 1
        assertEquals(example.relationLogits[51 + k + 1], -1);
        assertEquals(example.relationLogits.length, n * n * 51);
        const sizes = {
          entities: Array.from({ length: 150 }, (_, i) => `${i}`),
          predicates: Array.from({ length: 50 }, (_, i) => `${i}`),
        };
        checkExample(example, new Vocabulary(sizes));
      }
      assert(!names.isComplete);
      const { entities, predicates } = names.vocabulary();
      assertEquals([entities.length, predicates.length], [150, 50]);
      assertEquals([entities[0], entities[149]], ["name 0", "class 149"]);
      assertEquals([predicates[0], predicates[49]], ["text 0", "predicate 49"]);
    }),
});

/** A list of one graph with two objects, 2 classes and 2 predicates, in protocol 0. */
function pickled(fields: Record<string, string>): Uint8Array {
  const all: Record<string, string> = {
    image: instance("Image", { id: "I9\n", width: "I50\n", height: "I40\n" }),
    objects: `(${object(1)}${object(2)}l`,
    objects_labels: array([2, 2], [1, 0, 0, 1]),
    predicates_labels: array([2, 2, 2], [0, 1, 1, 0, 0, 1, 0, 1]),
    relationships: "(l",
    ...fields,
  };
  return Uint8Array.from(`(${instance("Graph", all)}l.`, (c) => c.charCodeAt(0));
}

function instance(name: string, fields: Record<string, string>): string {
  const items = Object.entries(fields).map(([key, value]) => `S'${key}'\n${value}`);
  return `(iData.VisualGenome.models\n${name}\n(${items.join("")}db`;
}

const object = (id: number, more: Record<string, string> = {}) =>
  instance("Object", {
    id: `I${id}\n`,
    x: "I10\n",
    y: "I10\n",
    width: "I20\n",
    height: "I20\n",
    names: `(S'thing ${id}'\nl`,
    ...more,
  });

function array(shape: number[], numbers: number[], code = "f8"): string {
  const data = new Uint8Array(Float64Array.from(numbers).buffer);
  const text = Array.from(data, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`)
    .join("");
  return "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR" +
    `(I1\n(${
      shape.map((n) => `I${n}\n`).join("")
    }tcnumpy\ndtype\n(S'${code}'\ntRI00\nS'${text}'\ntb`;
}

const baseline = (fields: Record<string, string>) =>
  Uint8Array.from(
    `(${Object.entries(fields).map(([key, value]) => `S'${key}'\n${value}`).join("")}d.`,
    (c) => c.charCodeAt(0),
  );
const sound = {
  obj_dist_mapped: array([2, 2], [0, -Infinity, 1, 1e30]),
  rel_dist_mapped: array([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]),
};

async function readOne(
  fields: Record<string, string> = {},
  logits: Record<string, string> | undefined = sound,
  rules?: ForeignRules,
) {
  const source = sourceOf(pickled(fields), "0.p");
  const file = logits && { name: "baseline/9.p", bytes: baseline(logits) };
  const [image] = await Array.fromAsync(
    readSgpImages(source, () => Promise.resolve(file), rules),
  );
  return image;
}

Deno.test("readSgpImages() keeps logits finite and reads the logits of the first release", async () => {
  const image = await readOne();
  assertEquals([...image!.example.entityLogits], [0, -60000, 1, 60000]);
  assertEquals([...image!.example.relations], [0, 1, 0]);
  assertEquals(image!.entityNames, ["thing 1", "thing 2"]);
  const source = sourceOf(
    pickled({
      objects_outputs_with_no_activations: sound.obj_dist_mapped,
      predicates_outputs_with_no_activation: sound.rel_dist_mapped,
    }),
    "0.p",
  );
  const [own] = await Array.fromAsync(
    readSgpImages(source, () => Promise.resolve(undefined)),
  );
  assertEquals(own!.example, image!.example);
});

Deno.test("readSgpImages() reads sparse labels and boxes without an area", async () => {
  const int8 = (numbers: number[]) => {
    const text = numbers.map((n) => `\\x0${n}`).join("");
    return "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR" +
      `(I1\n(I${numbers.length}\ntcnumpy\ndtype\n(S'u1'\ntRI00\nS'${text}'\ntb`;
  };
  const csr = "cscipy.sparse.csr\ncsr_matrix\n)\x81(" +
    `S'_shape'\n(I2\nI2\ntS'data'\n${int8([1, 1])}S'indices'\n${int8([1, 0])}` +
    `S'indptr'\n${int8([0, 1, 2])}db`;
  const flat = object(1, { x: "I-5\n", width: "I0\n", height: "I90\n" });
  const image = await readOne({ objects_labels: csr, objects: `(${flat}${object(2)}l` });
  const { entityLabels, boxes, width, height } = image!.example;
  assertEquals([...entityLabels], [1, 0]);
  assertEquals([...boxes].slice(0, 4), [0, 10, 1, 100]);
  assertEquals([width, height], [50, 100]);
});

Deno.test("readSgpImages() counts what it mends, by the rules of every reader", async () => {
  // In an image of 50 x 50: one cut at the left, one without a width that ends at 100.
  const objects = `(${object(1, { x: "I-5\n" })}${
    object(2, { width: "I0\n", height: "I90\n" })
  }l`;
  // Object 0 has predicate 0 with itself and with object 1.
  const predicates_labels = array([2, 2, 2], [1, 0, 1, 0, 0, 1, 0, 1]);
  const rules = new ForeignRules();
  const image = await readOne({ objects, predicates_labels }, sound, rules);
  assertEquals([...image!.example.relations], [0, 1, 0]);
  assertEquals(rules.counts, {
    boxesCut: 1,
    boxesWidened: 1,
    imagesEnlarged: 1,
    selfRelations: 1,
  });
  const strict = new ForeignRules({ strict: true });
  await readOne({ objects }, sound, strict);
  assertThrows(
    () => strict.throwProblems(),
    RangeError,
    '"0.p": graph 0, image 9: object 0',
  );
});

Deno.test("readSgpImages() finds the ends of relationships by id, object or copy", async () => {
  const relationship = (subject: string, predicate: string) =>
    instance("Relationship", {
      subject,
      object: object(2),
      predicate: `S'${predicate}'\n`,
    });
  for (const subject of ["I1\n", object(1)]) {
    const image = await readOne({
      relationships: `(${relationship(subject, " ON  top")}l`,
    });
    assertEquals(image!.relationTexts, [[0, 1, " ON  top"]]);
    const names = new SgpNames();
    names.add(image!);
    assert(names.isComplete);
    assertEquals(names.vocabulary(), {
      entities: ["thing 1", "thing 2"],
      predicates: ["on top"],
    });
  }
  const lost = await readOne({ relationships: `(${relationship("I7\n", "on")}NI3\nl` });
  assertEquals(lost!.relationTexts, []);
});

Deno.test("SgpNames gives a name to the class with which it occurs more often", async () => {
  const names = new SgpNames();
  assert(!names.isComplete);
  const image = (await readOne())!;
  names.add({ ...image, entityNames: ["dog", "dog"] });
  names.add({ ...image, entityNames: ["", "dog"] });
  names.add({ ...image, entityNames: ["puppy", "dog"] });
  assertEquals(names.vocabulary(), {
    entities: ["puppy", "dog"],
    predicates: ["predicate 0"],
  });
});

Deno.test("readSgpImages() refuses files without the published form", async () => {
  const syntax: [string, () => Promise<unknown>][] = [
    ['"0.p": graph 0: it must have "image" and "objects"', () => readOne({ image: "N" })],
    ['it must have "image" and "objects"', () => readOne({ objects: "(I1\nl" })],
    [
      '"0.p": graph 0, image 9: objects_labels: it must be an array of numbers',
      () => readOne({ objects_labels: "N" }),
    ],
    [
      "predicates_labels: it must be an array of numbers",
      () => readOne({ predicates_labels: array([], [1]) }),
    ],
    [
      '"baseline/9.p": obj_dist_mapped: it must be an array of numbers',
      () => readOne({}, { rel_dist_mapped: sound.rel_dist_mapped }),
    ],
    [
      'graph 0, image 9: "x" must be a number: found left',
      () => readOne({ objects: `(${object(1, { x: "S'left'\n" })}${object(2)}l` }),
    ],
  ];
  for (const [problem, run] of syntax) await assertRejects(run, SyntaxError, problem);
  const range: [string, () => Promise<unknown>][] = [
    [
      "objects_labels must have the shape [2,4] for 2 objects: found [4]",
      () => readOne({ objects_labels: array([4], [1, 0, 0, 1]) }),
    ],
    [
      "the logits of objects must have the shape [2,2] for 2 objects: found [1,2]",
      () => readOne({}, { ...sound, obj_dist_mapped: array([1, 2], [0, 0]) }),
    ],
    [
      '"baseline/9.p": each logit must be a number: found NaN',
      () => readOne({}, { ...sound, obj_dist_mapped: array([2, 2], [0, NaN, 1, 1]) }),
    ],
    [
      'found "os.system"',
      () => readOne({ image: "cos\nsystem\n" }),
    ],
  ];
  for (const [problem, run] of range) await assertRejects(run, RangeError, problem);
  const plain = sourceOf(new TextEncoder().encode("(I1\nl."), "0.p");
  await assertRejects(
    () => Array.fromAsync(readSgpImages(plain, () => Promise.resolve(undefined))),
    SyntaxError,
    '"0.p": graph 0: it must be an instance of a class',
  );
});
