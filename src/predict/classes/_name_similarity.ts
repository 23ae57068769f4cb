/**
 * Finds the class of a vocabulary that is most like a name, by word vectors.
 *
 * @module
 */

import { wordsOf, type WordTable } from "../../words/word_vectors.ts";

/**
 * From this cosine on, two names are taken for one.
 *
 * Of COCO's names and 46 others against four vocabularies (the built-in world's, two of
 * Visual Genome, VRD's), those whose nearest class has at least 0.8 are right (bicycle:
 * bike 0.90, ship: boat 0.82) but for teddy bear: bear 0.87, hot dog: dog 0.85, bear: teddy
 * bear 0.87 and train: bus 0.85, all of them names of COCO, for which the class table
 * decides. Below stand goat: sheep 0.76, sandwich: pizza 0.75, rabbit: cat 0.74, beside
 * puppy: dog 0.72.
 */
const LEAST_SIMILARITY = 0.8;

/** A class that is like a name. */
export interface SimilarClass {
  /** Its index. */
  place: number;
  /** The cosine of the word vectors, at most 1. */
  similarity: number;
}

/**
 * Finds the class most like a name. The last word of a name says what a thing is: a
 * "street sign" may be a "sign" and never a "street"; so classes that share words with the
 * name count only if one of both ends with the other, and if the name ends with a class,
 * no other class counts.
 *
 * @param name The name.
 * @param classes Names of the vocabulary.
 * @param table Word vectors.
 * @returns The best class of at least {@linkcode LEAST_SIMILARITY}, the first of equals;
 * `undefined` if there is none, or if a word has no vector.
 */
export function mostSimilar(
  name: string,
  classes: readonly string[],
  table: WordTable,
): SimilarClass | undefined {
  const words = wordsOf(name);
  const known = words.filter((word) => table.has(word));
  if (known.length === 0) return undefined;
  const vector = meanOf(known, table);
  let best: SimilarClass | undefined, isBestEnd = false;
  for (const [place, other] of classes.entries()) {
    const otherWords = wordsOf(other);
    if (otherWords.length === 0 || !otherWords.every((word) => table.has(word))) continue;
    const isEnd = endsWith(words, otherWords);
    if (known.length < words.length && !isEnd) continue;
    const isShared = otherWords.some((word) => words.includes(word));
    if (isShared && !isEnd && !endsWith(otherWords, words)) continue;
    const similarity = cosine(vector, meanOf(otherWords, table));
    if (similarity < LEAST_SIMILARITY && !isEnd) continue;
    if (isBestEnd && !isEnd) continue;
    if (best && isBestEnd === isEnd && similarity <= best.similarity) continue;
    [best, isBestEnd] = [{ place, similarity: Math.min(similarity, 1) }, isEnd];
  }
  return best && best.similarity >= LEAST_SIMILARITY ? best : undefined;
}

function endsWith(words: readonly string[], end: readonly string[]): boolean {
  return end.every((word, i) => word === words[words.length - end.length + i]);
}

function meanOf(words: readonly string[], table: WordTable): Float64Array {
  const mean = new Float64Array(table.get(words[0])!.length);
  for (const word of words) {
    table.get(word)!.forEach((value, d) => mean[d] += value / words.length);
  }
  return mean;
}

function cosine(a: Float64Array, b: Float64Array): number {
  let product = 0, aa = 0, bb = 0;
  for (let d = 0; d < a.length; d++) {
    product += a[d] * b[d];
    aa += a[d] * a[d];
    bb += b[d] * b[d];
  }
  return product / Math.sqrt(aa * bb);
}
