import { assertEquals } from "@std/assert";
import { relatedNames } from "../src/related_names.ts";
import { nameSuggestion } from "../src/similar_names.ts";

/** Some classes of the built-in world and of VRD. */
const NAMES = [
  ...["horse", "elephant", "man", "woman", "phone", "table", "glasses", "traffic light"],
  "sneakers",
];

const suggests = (name: string, expected: string) =>
  assertEquals(nameSuggestion(name, NAMES), expected, name);

Deno.test("nameSuggestion() names other words for the same thing", () => {
  suggests("person", 'the nearest are "man", "woman"');
  suggests("people", 'the nearest are "man", "woman"');
  suggests("cell phone", 'the nearest is "phone"');
  suggests("dining table", 'the nearest is "table"');
  suggests("kitchen table", 'the nearest is "table"');
  suggests("wine glass", 'the nearest is "glasses"');
  suggests("light", 'the nearest is "traffic light"');
  suggests("horses", 'the nearest is "horse"');
  suggests("shoe", 'the nearest is "sneakers"');
});

Deno.test("nameSuggestion() takes spelling into account, and says if nothing is near", () => {
  suggests("hrose", 'the nearest is "horse"');
  suggests("tabel", 'the nearest is "table"');
  suggests("Horse", '"horse" differs from it in upper and lower case only');
  for (const name of ["drone", "zebra", "", "日本語", "x".repeat(1e6)]) {
    suggests(name, "none of the 9 known names is similar");
  }
});

Deno.test("relatedNames() keeps to a few names, and to the exact one if it is there", () => {
  const people = ["boy", "girl", "child", "guy", "lady", "man", "woman"];
  assertEquals(relatedNames("person", people), ["man", "woman", "boy", "girl", "child"]);
  assertEquals(relatedNames("boys", people), ["boy"]);
  assertEquals(relatedNames("dress", ["dres"]), []);
});

Deno.test("relatedNames() knows other forms of verbs", () => {
  const predicates = ["on", "riding", "wearing", "sitting on", "standing in", "has"];
  const cases: [name: string, found: string[]][] = [
    ["rides", ["riding"]],
    ["ride", ["riding"]],
    ["wears", ["wearing"]],
    ["sits on", ["sitting on"]],
    ["stands in", ["standing in"]],
    ["flies", []],
  ];
  for (const [name, found] of cases) assertEquals(relatedNames(name, predicates), found);
});
