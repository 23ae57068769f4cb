import { assert, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isPerson } from "../../src/world/classes.ts";
import {
  type ArrangementName,
  arrangementOf,
  predicatesOf,
} from "../../src/world/predicates.ts";
import type { Scene, SceneEntity, SceneRelation } from "../../src/world/scene.ts";
import { Stage } from "../../src/world/stage.ts";
import { generateScene } from "../../src/world/world.ts";
import { Random } from "../../src/random.ts";
import type { Box } from "../../src/scene_graph.ts";

/** Tolerance in pixels, as rounding moves each side by up to one. */
const ROUNDING = 2;

const sharesColumns = (a: Box, b: Box) => a[0] < b[2] && b[0] < a[2];
const sharesRows = (a: Box, b: Box) => a[1] < b[3] && b[1] < a[3];
const isBetween = (value: number, low: number, high: number) =>
  value >= low - ROUNDING && value <= high + ROUNDING;
const isInside = (a: Box, b: Box) =>
  isBetween(a[0], b[0], b[2]) && isBetween(a[2], b[0], b[2]) &&
  isBetween(a[1], b[1], b[3]) && isBetween(a[3], b[1], b[3]);
const standsOn = (a: Box, b: Box) => sharesColumns(a, b) && isBetween(a[3], b[1], b[3]);
const gap = (a: Box, b: Box) => Math.max(a[0], b[0]) - Math.min(a[2], b[2]);

/** The rule for the boxes of subject and object in each arrangement. */
const RULES: Record<ArrangementName, (a: SceneEntity, b: SceneEntity) => boolean> = {
  resting: (a, b) => standsOn(a.box, b.box),
  afoot: (a, b) => standsOn(a.box, b.box),
  wheeled: (a, b) => standsOn(a.box, b.box),
  astride: (a, b) =>
    sharesColumns(a.box, b.box) && isBetween(a.box[3], b.box[1], b.box[3]),
  held: (a, b) => sharesColumns(a.box, b.box) && sharesRows(a.box, b.box),
  attended: (a, b) => sharesColumns(a.box, b.box) && sharesRows(a.box, b.box),
  // Things in a vase or a bowl stick out at the top.
  within: (a, b) =>
    isInside(a.box, b.box) ||
    isBetween(a.box[0], b.box[0], b.box[2]) && isBetween(a.box[2], b.box[0], b.box[2]) &&
      isBetween(a.box[3], b.box[1], b.box[3]),
  around: (a, b) => isInside(b.box, a.box) || b.name === "backpack",
  beside: (a, b) => sharesRows(a.box, b.box) && gap(a.box, b.box) < a.scale,
  together: (a, b) => sharesRows(a.box, b.box) && gap(a.box, b.box) < a.scale,
  overlapping: (a, b) => sharesColumns(a.box, b.box) && sharesRows(a.box, b.box),
  higher: (a, b) => a.box[3] <= b.box[1] + ROUNDING && sharesColumns(a.box, b.box),
  lower: (a, b) => a.box[1] + a.box[3] > b.box[1] + b.box[3],
  upright: (a, b) => isInside(a.box, b.box),
};

/** Checks every relation of many scenes. */
function forAllRelations(
  check: (relation: SceneRelation, scene: Scene) => boolean,
): void {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), (seed, index) => {
      const scene = generateScene(seed, "train", index);
      for (const relation of scene.relations) {
        const { subject, object, predicate, arrangement } = relation;
        const a = scene.entities[subject], b = scene.entities[object];
        assert(
          check(relation, scene),
          `${scene.situation}, ${scene.mood}: ${a.name} [${a.box}] ${predicate} (${arrangement}) ${b.name} [${b.box}]`,
        );
      }
    }),
    { numRuns: 400, seed: 1 },
  );
}

Deno.test("generateScene() puts boxes where their relations say", () => {
  forAllRelations(({ subject, object, arrangement }, { entities }) =>
    RULES[arrangement](entities[subject], entities[object])
  );
});

Deno.test("generateScene() gives each pair at most one predicate, which its arrangement allows", () => {
  forAllRelations(({ subject, object, predicate, arrangement }, { relations }) =>
    subject !== object && predicatesOf(arrangement).includes(predicate) &&
    relations.filter((r) => r.subject === subject && r.object === object).length === 1
  );
});

Deno.test("generateScene() lets only people ride, hold, use, read and carry", () => {
  forAllRelations(({ subject, predicate }, { entities }) => {
    const needsPerson = ["riding", "holding", "using", "reading", "carrying"];
    if (!needsPerson.includes(predicate)) return true;
    return isPerson(entities[subject].name);
  });
});

Deno.test("generateScene() keeps boxes whole, inside the image, and wholes around parts", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (index) => {
      const { entities, relations, width, height } = generateScene(0, "test", index);
      for (const { box: [x1, y1, x2, y2] } of entities) {
        assert([x1, y1, x2, y2].every(Number.isInteger));
        assert(x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height);
        assert(x2 - x1 >= 4 && y2 - y1 >= 4);
      }
      for (const { subject, predicate, object } of relations) {
        if (predicate !== "of") continue;
        assert(isInside(entities[subject].box, entities[object].box));
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});

Deno.test("Stage.astride() gives the same boxes for sitting, riding and standing behind", () => {
  const boxes = (["sitting on", "riding", "behind"] as const).map((predicate) => {
    const stage = new Stage(new Random(4), 640, 480, 150);
    const ground = stage.backdrop("grass", [0, 0.4, 1, 1]);
    const horse = stage.stand(ground, "horse", "standing on");
    return String(stage.entities[stage.astride(horse, "man", predicate)].box);
  });
  assert(boxes.every((box) => box === boxes[0]), boxes.join(" and "));
});

Deno.test("Stage.find() refuses a class that is not in the scene", () => {
  const stage = new Stage(new Random(0), 640, 480, 100);
  assertThrows(() => stage.find("cat"), RangeError, 'Cannot find "cat" in the scene');
});

Deno.test("arrangementOf() takes the first that fits and throws if none fits", () => {
  assert(arrangementOf("standing on", "resting", "afoot", "astride") === "afoot");
  assertThrows(
    () => arrangementOf("wearing", "resting", "afoot"),
    RangeError,
    'Cannot arrange "wearing" as its arrangement must allow it: found "resting", "afoot"',
  );
});
