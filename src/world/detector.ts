/**
 * The simulated detector of the built-in world, which judges each thing and each pair on
 * its own. Among look-alike classes, and among the predicates of one arrangement, it
 * favours the right one with a stated probability, and otherwise a random wrong one.
 *
 * @module
 */

import type { Random } from "../random.ts";
import type { Box } from "../scene_graph.ts";
import type { Logits } from "../example.ts";
import { entityIndexOf, predicateIndexOf } from "./annotator.ts";
import {
  ENTITY_NAMES,
  type EntityName,
  LOOK_ALIKES,
  OTHER_CONFUSION,
} from "./classes.ts";
import {
  type ArrangementName,
  ARRANGEMENTS,
  PREDICATE_NAMES,
  type PredicateName,
  predicatesOf,
} from "./predicates.ts";
import type { Scene } from "./scene.ts";

/** Probability that a wrong predicate of the arrangement gets the greatest logit. */
export const PREDICATE_CONFUSION = 0.42;

/** Probability that "no relation" gets the greatest logit for a true relation. */
export const MISS = 0.12;

/** Probability that a predicate gets the greatest logit for a pair without a relation. */
export const FALSE_ALARM = 0.06;

/** Mean logit of the classes that look like the thing; that of all others is 0. */
const LIKENESS = 5;

/** Standard deviation of the noise in every logit. */
const NOISE = 0.7;

/** Least distance of the favourite's logit from the next one. */
const LEAD = 0.3;

/** Distance of "no relation" from the best predicate: its minimum and its spread. */
const RELATED_MARGIN = 0.5;
const MARGIN_SPREAD = 1.5;

/** Logits are multiples of this number, so float16 holds them exactly. */
const GRAIN = 1 / 64;

/** Standard deviation of the sum of four bytes, each uniform over 0 to 255. */
const BYTE_SUM_DEVIATION = Math.sqrt(4 * (256 * 256 - 1) / 12);

const GROUP_OF = new Map<EntityName, { confusion: number; members: number[] }>(
  LOOK_ALIKES.flatMap(({ confusion, members }) =>
    members.map((name) => [name, { confusion, members: members.map(entityIndexOf) }])
  ),
);
const EVERY_CLASS = ENTITY_NAMES.map((_, index) => index);
const ARRANGED = Object.fromEntries(
  Object.keys(ARRANGEMENTS).map((name) => [
    name,
    predicatesOf(name as ArrangementName).map(predicateIndexOf),
  ]),
) as Record<ArrangementName, number[]>;

/**
 * Computes the logits of the simulated detector. It uses no transcendental function, so
 * every machine gives the same bytes.
 *
 * @param scene The scene with its true classes and relations.
 * @param random Decides the confusions and the noise.
 * @returns `[N, C]` and `[N, N, P]` logits, multiples of 1/64; the diagonal is zero.
 */
export function predictLabels(scene: Scene, random: Random): Logits {
  const n = scene.entities.length;
  const c = ENTITY_NAMES.length;
  const p = PREDICATE_NAMES.length + 1;
  const entityLogits = new Float32Array(n * c);
  for (let i = 0; i < n; i++) {
    fillEntity(entityLogits.subarray(i * c, (i + 1) * c), scene.entities[i].name, random);
  }
  const relationLogits = new Float32Array(n * n * p);
  const related = new Map(
    scene.relations.map((relation) => [relation.subject * n + relation.object, relation]),
  );
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const row = relationLogits.subarray((i * n + j) * p, (i * n + j + 1) * p);
      const relation = related.get(i * n + j);
      if (relation) fillRelated(row, relation.predicate, relation.arrangement, random);
      else fillUnrelated(row, scene.entities[i].box, scene.entities[j].box, random);
    }
  }
  return { entityLogits, relationLogits };
}

function fillEntity(row: Float32Array, name: EntityName, random: Random): void {
  const index = entityIndexOf(name);
  const group = GROUP_OF.get(name);
  const alternatives = group?.members ?? EVERY_CLASS;
  const favourite = favouriteOf(
    index,
    alternatives,
    group?.confusion ?? OTHER_CONFUSION,
    random,
  );
  fillNoise(row, random);
  for (const member of group?.members ?? [index, favourite]) {
    if (member !== favourite || group) row[member] += LIKENESS;
  }
  if (!group && favourite !== index) row[favourite] += LIKENESS;
  lead(row, favourite, row.length);
}

function fillRelated(
  row: Float32Array,
  predicate: PredicateName,
  arrangement: ArrangementName,
  random: Random,
): void {
  const members = ARRANGED[arrangement];
  const index = predicateIndexOf(predicate);
  fillPredicates(row, members, favouriteOf(index, members, PREDICATE_CONFUSION, random));
  const margin = RELATED_MARGIN + MARGIN_SPREAD * random.uniform();
  setNoRelation(row, random.chance(MISS) ? margin : -margin);

  function fillPredicates(row: Float32Array, members: number[], favourite: number) {
    fillNoise(row, random);
    for (const member of members) row[member] += LIKENESS;
    lead(row, favourite, row.length - 1);
  }
}

function fillUnrelated(row: Float32Array, a: Box, b: Box, random: Random): void {
  const members = ARRANGED[apparentArrangement(a, b, random)];
  fillNoise(row, random);
  for (const member of members) row[member] += LIKENESS;
  lead(row, random.pick(members), row.length - 1);
  const margin = RELATED_MARGIN + MARGIN_SPREAD * random.uniform();
  setNoRelation(row, random.chance(FALSE_ALARM) ? -margin : 2 + margin);
}

/** The right index, or with the probability `confusion` a random other one. */
function favouriteOf(
  index: number,
  alternatives: readonly number[],
  confusion: number,
  random: Random,
): number {
  if (!random.chance(confusion)) return index;
  const others = alternatives.filter((other) => other !== index);
  return random.pick(others);
}

/** An arrangement that two boxes without a relation appear to have. */
function apparentArrangement(a: Box, b: Box, random: Random): ArrangementName {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width > 0 && height > 0) {
    const shared = width * height;
    if (shared > 0.9 * areaOf(a)) return random.pick(["within", "resting", "afoot"]);
    if (shared > 0.9 * areaOf(b)) return random.pick(["around", "held"]);
    return random.pick(["overlapping", "astride", "held", "afoot"]);
  }
  if (width > 0) return a[1] < b[1] ? "higher" : "lower";
  return random.pick(["beside", "beside", "together"]);
}

function areaOf(box: Box): number {
  return (box[2] - box[0]) * (box[3] - box[1]);
}

function fillNoise(row: Float32Array, random: Random): void {
  for (let k = 0; k < row.length; k++) row[k] = round(NOISE * noise(random));
}

/** Nearly normal noise: the standardised sum of four bytes, exact on every machine. */
function noise(random: Random): number {
  const bits = random.uint32();
  const sum = (bits & 255) + (bits >>> 8 & 255) + (bits >>> 16 & 255) + (bits >>> 24);
  return (sum - 510) / BYTE_SUM_DEVIATION;
}

/** Gives the favourite the greatest of the first `length` logits, plus a lead. */
function lead(row: Float32Array, favourite: number, length: number): void {
  let best = 0;
  for (let k = 1; k < length; k++) if (row[k] > row[best]) best = k;
  [row[best], row[favourite]] = [row[favourite], row[best]];
  row[favourite] += round(LEAD);
}

/** Sets the last logit to the greatest of the others plus `above`. */
function setNoRelation(row: Float32Array, above: number): void {
  const last = row.length - 1;
  let best = row[0];
  for (let k = 1; k < last; k++) best = Math.max(best, row[k]);
  row[last] = round(best + above);
}

function round(value: number): number {
  return Math.round(value / GRAIN) * GRAIN;
}
