/**
 * Statistics of a dataset: counts, and how unevenly they are distributed.
 *
 * @module
 */

import type { Vocabulary } from "../vocabulary.ts";
import type { AnnotatedImage } from "../example.ts";
import type { SplitName } from "./manifest.ts";

/** Number of occurrences of a class. */
export interface ClassCount {
  name: string;
  count: number;
}

/** Summary of a list of numbers. */
export interface Spread {
  least: number;
  median: number;
  mean: number;
  greatest: number;
}

/** Statistics of a dataset. */
export interface DatasetStatistics {
  /** Totals of each split. */
  splits: Record<SplitName, {
    images: number;
    entities: number;
    relations: number;
    /** Images without relations. */
    unrelated: number;
  }>;
  /** Classes, most frequent first. */
  entities: ClassCount[];
  /** Predicates, most frequent first. */
  predicates: ClassCount[];
  /** Smallest number of predicates that make up nine tenths of all relations. */
  predicatesInNineTenths: number;
  /** Entities per image. */
  entitiesPerImage: Spread;
  /** Relations per image. */
  relationsPerImage: Spread;
  /** Numbers of images with no entity, 1, 2 to 3, 4 to 7 entities, and so on. */
  imagesByEntities: number[];
  /** Longer side of the images in pixels. */
  imageSize: Spread;
  /** Numbers of boxes by their share of the image: entry k counts `2^-k` to `2^-(k+1)`. */
  boxAreas: number[];
  /** Number of ordered pairs with a relation. */
  relatedPairs: number;
  /** Number of these pairs with two or more different predicates. */
  multiLabelPairs: number;
  /** Number of relations that repeat another of the same image. */
  repeatedRelations: number;
  /** Number of different triplets (subject, predicate, object) in each split. */
  tripletKinds: Record<SplitName, number>;
  /** Number of test relations whose triplet occurs in no training image. */
  zeroShotRelations: number;
}

/** Boxes smaller than 2^-12 of their image are counted together. */
const LEAST_AREA = 12;

/**
 * Computes the statistics of a dataset, image by image.
 *
 * @param vocabulary The vocabulary of the dataset.
 * @param images All images with their splits.
 */
export async function datasetStatistics(
  vocabulary: Vocabulary,
  images: AsyncIterable<{ split: SplitName; image: AnnotatedImage }>,
): Promise<DatasetStatistics> {
  const { numEntityClasses: c, noRelation: p } = vocabulary;
  const splits = bySplit(() => ({ images: 0, entities: 0, relations: 0, unrelated: 0 }));
  const entityCounts = new Float64Array(c), predicateCounts = new Float64Array(p);
  const perImage = { entities: [] as number[], relations: [] as number[] };
  const sizes: number[] = [];
  const boxAreas = new Array<number>(LEAST_AREA + 1).fill(0);
  const triplets = bySplit(() => new Map<number, number>());
  let relatedPairs = 0, multiLabelPairs = 0, repeatedRelations = 0;
  for await (const { split, image } of images) {
    const { entityLabels, relations, width, height } = image;
    const n = entityLabels.length, r = relations.length / 3;
    const sum = splits[split];
    sum.images++;
    sum.entities += n;
    sum.relations += r;
    if (r === 0) sum.unrelated++;
    perImage.entities.push(n);
    perImage.relations.push(r);
    sizes.push(Math.max(width, height));
    for (const label of entityLabels) entityCounts[label]++;
    countAreas(image, boxAreas);
    const predicatesOf = new Map<number, Set<number>>();
    for (let row = 0; row < relations.length; row += 3) {
      const [subject, object, predicate] = relations.subarray(row, row + 3);
      predicateCounts[predicate]++;
      const pair = subject * n + object;
      const set = predicatesOf.get(pair) ?? new Set();
      if (set.has(predicate)) repeatedRelations++;
      predicatesOf.set(pair, set.add(predicate));
      const kind = (entityLabels[subject] * c + entityLabels[object]) * p + predicate;
      triplets[split].set(kind, (triplets[split].get(kind) ?? 0) + 1);
    }
    relatedPairs += predicatesOf.size;
    for (const set of predicatesOf.values()) if (set.size > 1) multiLabelPairs++;
  }
  const predicates = ranked(vocabulary.predicates, predicateCounts);
  const zeroShot = [...triplets.test].filter(([kind]) => !triplets.train.has(kind));
  return {
    splits,
    entities: ranked(vocabulary.entities, entityCounts),
    predicates,
    predicatesInNineTenths: headLength(predicates, 0.9),
    entitiesPerImage: spread(perImage.entities),
    imagesByEntities: byDoubling(perImage.entities),
    relationsPerImage: spread(perImage.relations),
    imageSize: spread(sizes),
    boxAreas,
    relatedPairs,
    multiLabelPairs,
    repeatedRelations,
    tripletKinds: {
      train: triplets.train.size,
      validation: triplets.validation.size,
      test: triplets.test.size,
    },
    zeroShotRelations: zeroShot.reduce((sum, [, count]) => sum + count, 0),
  };
}

function bySplit<T>(make: () => T): Record<SplitName, T> {
  return { train: make(), validation: make(), test: make() };
}

/** Counts each box by its share of the image, in halvings. */
function countAreas({ boxes, width, height }: AnnotatedImage, counts: number[]): void {
  for (let i = 0; i < boxes.length; i += 4) {
    const area = (boxes[i + 2] - boxes[i]) * (boxes[i + 3] - boxes[i + 1]);
    const halvings = Math.floor(-Math.log2(area / (width * height)));
    counts[Math.max(0, Math.min(halvings, LEAST_AREA))]++;
  }
}

function ranked(names: readonly string[], counts: Float64Array): ClassCount[] {
  return names.map((name, i) => ({ name, count: counts[i] }))
    .sort((a, b) => b.count - a.count);
}

/** Number of leading counts that make up a share of the total. */
function headLength(counts: readonly ClassCount[], share: number): number {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  let sum = 0;
  return total === 0
    ? 0
    : counts.findIndex(({ count }) => (sum += count) >= share * total) + 1;
}

function byDoubling(numbers: readonly number[]): number[] {
  const counts: number[] = [];
  for (const n of numbers) {
    const at = n === 0 ? 0 : Math.floor(Math.log2(n)) + 1;
    while (counts.length <= at) counts.push(0);
    counts[at]++;
  }
  return counts;
}

function spread(numbers: number[]): Spread {
  if (numbers.length === 0) return { least: 0, median: 0, mean: 0, greatest: 0 };
  const sorted = Float64Array.from(numbers).sort();
  const middle = (sorted.length - 1) / 2;
  return {
    least: sorted[0],
    median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
    mean: sorted.reduce((sum, x) => sum + x, 0) / sorted.length,
    greatest: sorted.at(-1)!,
  };
}
