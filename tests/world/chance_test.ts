import { assert, assertEquals } from "@std/assert";
import {
  annotate,
  DOUBLING,
  entityIndexOf,
  omissionOf,
  predicateIndexOf,
  SYNONYMS,
} from "../../src/world/annotator.ts";
import {
  type EntityName,
  LOOK_ALIKES,
  OTHER_CONFUSION,
} from "../../src/world/classes.ts";
import {
  FALSE_ALARM,
  MISS,
  PREDICATE_CONFUSION,
  predictLabels,
} from "../../src/world/detector.ts";
import { type PredicateName, predicatesOf } from "../../src/world/predicates.ts";
import type { Scene } from "../../src/world/scene.ts";
import { generateImage, WORLD_VOCABULARY } from "../../src/world/world.ts";
import { Random } from "../../src/random.ts";

const C = WORLD_VOCABULARY.entities.length;
const P = WORLD_VOCABULARY.predicates.length + 1;
const images = Array.from({ length: 1500 }, (_, k) => generateImage(11, "train", k));

/** Fails if the number of hits differs from the stated share by over 4 deviations. */
function assertShare(name: string, hits: number, trials: number, stated: number) {
  const deviation = Math.sqrt(trials * stated * (1 - stated));
  assert(
    trials > 20 && Math.abs(hits - trials * stated) <= 4 * deviation + 1,
    `${name}: ${hits} of ${trials} is ${(hits / trials).toFixed(3)}, not ${stated}`,
  );
}

function argmax(row: Float32Array): number {
  return row.reduce((best, z, k) => z > row[best] ? k : best, 0);
}

/** Label with the greatest logit for each thing of a class. */
function favourites(name: EntityName): number[] {
  return images.flatMap(({ scene, example }) =>
    scene.entities.flatMap((entity, i) =>
      entity.name === name
        ? [argmax(example.entityLogits.subarray(i * C, (i + 1) * C))]
        : []
    )
  );
}

Deno.test("predictLabels() confuses each look-alike group as often as stated", () => {
  for (const { confusion, members } of LOOK_ALIKES) {
    let wrong = 0, trials = 0;
    for (const name of members) {
      const found = favourites(name);
      trials += found.length;
      wrong += found.filter((label) => label !== entityIndexOf(name)).length;
      assert(found.every((label) => members.some((m) => entityIndexOf(m) === label)));
    }
    assertShare(members.join(", "), wrong, trials, confusion);
  }
});

Deno.test("predictLabels() draws a wrong look-alike evenly among the others", () => {
  const members = LOOK_ALIKES.find(({ members }) => members.includes("cow"))!.members;
  const others = members.filter((name) => name !== "dog").map(entityIndexOf);
  const wrong = favourites("dog").filter((label) => label !== entityIndexOf("dog"));
  for (const other of others) {
    const hits = wrong.filter((label) => label === other).length;
    assertShare(`dog as ${other}`, hits, wrong.length, 1 / others.length);
  }
});

Deno.test("predictLabels() confuses classes outside the groups as often as stated", () => {
  const grouped = LOOK_ALIKES.flatMap(({ members }) => members);
  const alone = WORLD_VOCABULARY.entities.filter((name) =>
    !grouped.includes(name as EntityName)
  ) as EntityName[];
  let wrong = 0, trials = 0;
  for (const name of alone) {
    const found = favourites(name);
    trials += found.length;
    wrong += found.filter((label) => label !== entityIndexOf(name)).length;
  }
  assertShare("others", wrong, trials, OTHER_CONFUSION);
});

Deno.test("predictLabels() has the right class among the first five", () => {
  for (const { example } of images.slice(0, 300)) {
    example.entityLabels.forEach((label, i) => {
      const row = example.entityLogits.subarray(i * C, (i + 1) * C);
      assert(row.filter((z) => z > row[label]).length < 5);
    });
  }
});

Deno.test("predictLabels() confuses, misses and invents relations as stated", () => {
  let wrong = 0, missed = 0, related = 0, invented = 0, unrelated = 0;
  for (const { scene, example } of images.slice(0, 600)) {
    const n = scene.entities.length;
    const byPair = new Map(scene.relations.map((r) => [r.subject * n + r.object, r]));
    for (let pair = 0; pair < n * n; pair++) {
      if (pair % (n + 1) === 0) continue;
      const row = example.relationLogits.subarray(pair * P, (pair + 1) * P);
      const best = argmax(row.subarray(0, P - 1));
      const relation = byPair.get(pair);
      const isSeen = row[best] > row[P - 1];
      if (!relation) {
        unrelated++;
        if (isSeen) invented++;
        continue;
      }
      related++;
      if (!isSeen) missed++;
      if (best !== predicateIndexOf(relation.predicate)) wrong++;
      const alike = predicatesOf(relation.arrangement).map(predicateIndexOf);
      assert(alike.includes(best));
    }
  }
  assertShare("confused", wrong, related, PREDICATE_CONFUSION);
  assertShare("missed", missed, related, MISS);
  assertShare("invented", invented, unrelated, FALSE_ALARM);
});

Deno.test("annotate() omits and doubles relations as often as stated", () => {
  const counts = new Map<PredicateName, { left: number; all: number; doubled: number }>();
  for (const { scene, example } of images) {
    const rows = new Set<string>();
    for (let r = 0; r < example.relations.length; r += 3) {
      rows.add(String(example.relations.subarray(r, r + 3)));
    }
    for (const { subject, object, predicate } of scene.relations) {
      const count = counts.get(predicate) ?? { left: 0, all: 0, doubled: 0 };
      const has = (name: PredicateName) =>
        rows.has(String([subject, object, predicateIndexOf(name)]));
      count.all++;
      if (!has(predicate)) count.left++;
      const synonym = SYNONYMS[predicate];
      if (synonym && has(synonym)) count.doubled++;
      counts.set(predicate, count);
    }
  }
  for (const [predicate, { left, all, doubled }] of counts) {
    assertShare(`omitted ${predicate}`, left, all, omissionOf(predicate));
    if (!SYNONYMS[predicate] || all - left < 21) continue;
    assertShare(`doubled ${predicate}`, doubled, all - left, DOUBLING);
  }
});

Deno.test("annotate() keeps at least one relation", () => {
  const { scene } = images[0];
  const few: Scene = { ...scene, relations: scene.relations.slice(0, 1) };
  for (let seed = 0; seed < 50; seed++) {
    assert(annotate(few, new Random(seed)).relations.length >= 3);
  }
});

Deno.test("predictLabels() keeps the diagonal zero", () => {
  const { scene } = images[0];
  const n = scene.entities.length;
  const { relationLogits } = predictLabels(scene, new Random(1));
  for (let i = 0; i < n; i++) {
    const row = relationLogits.subarray((i * n + i) * P, (i * n + i + 1) * P);
    assertEquals(row, new Float32Array(P));
  }
});
