/**
 * Divides the pairs of a batch into chunks of some subjects each, so that hidden layers
 * are never in memory for all pairs at once. An image of 466 boxes has 217,000 pairs; one
 * hidden layer of all of them would take 434 MB.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { Groups } from "../kernels/groups.ts";

/** Pairs of a chunk in prediction: 33 MB for each hidden layer of width 500. */
export const PAIRS_AT_A_TIME = 2 ** 14;

/** Subjects and objects of the pairs of a batch, sorted by subject. */
export interface PairEnds {
  /** `[m]`: index of each subject. */
  subjects: Int32Array;
  /** `[m]`: index of each object. */
  objects: Int32Array;
  /** n. */
  numEntities: number;
}

/** All pairs of some subjects. */
export class PairChunk {
  /** The subject of each pair, one of n entities. */
  readonly subjects: Groups;
  /** The object of each pair, one of n entities. */
  readonly objects: Groups;
  /** The subject of each pair, counted from the first subject of the chunk. */
  readonly ownSubjects: Groups;
  /** Whether the chunk has all pairs of the batch. */
  readonly isWhole: boolean;
  readonly #first: number;

  /**
   * @param ends All pairs of the batch.
   * @param first The first subject of the chunk, and its first pair.
   * @param last The subject after the last one of the chunk, and the pair after its last.
   */
  constructor(
    { subjects, objects, numEntities }: PairEnds,
    first: { entity: number; pair: number },
    last: { entity: number; pair: number },
  ) {
    this.#first = first.pair;
    this.isWhole = first.pair === 0 && last.pair === subjects.length;
    const own = subjects.subarray(first.pair, last.pair);
    this.subjects = new Groups(own, numEntities);
    this.objects = new Groups(objects.subarray(first.pair, last.pair), numEntities);
    this.ownSubjects = this.isWhole
      ? this.subjects
      : new Groups(own.map((i) => i - first.entity), last.entity - first.entity);
  }

  /** Takes the rows of this chunk from a tensor with a row for each pair of the batch. */
  of<T extends tf.Tensor1D | tf.Tensor2D>(x: T): T {
    return this.isWhole ? x : tf.slice(x, this.#first, this.subjects.numRows) as T;
  }

  /** Frees the tensors. */
  dispose(): void {
    for (const rows of [this.subjects, this.objects]) rows.dispose();
    if (!this.isWhole) this.ownSubjects.dispose();
  }
}

/**
 * Divides the pairs of a batch into chunks.
 *
 * @param ends All pairs.
 * @param mostPairs Upper limit on the pairs of a chunk of two or more subjects.
 * @returns At least one chunk; the caller disposes them.
 */
export function pairChunks(ends: PairEnds, mostPairs: number): PairChunk[] {
  const { subjects, numEntities } = ends;
  const chunks: PairChunk[] = [];
  let first = { entity: 0, pair: 0 }, pair = 0;
  for (let entity = 0; entity < numEntities; entity++) {
    const start = pair;
    while (subjects[pair] === entity) pair++;
    if (pair - first.pair <= mostPairs || start === first.pair) continue;
    const last = { entity, pair: start };
    chunks.push(new PairChunk(ends, first, last));
    first = last;
  }
  chunks.push(new PairChunk(ends, first, { entity: numEntities, pair }));
  return chunks;
}

/**
 * Computes tensors chunk by chunk and joins their rows.
 *
 * @param chunks The chunks of a batch.
 * @param compute Returns tensors with a row for each pair, or each subject, of a chunk. If
 * there are several chunks, its other tensors are freed.
 * @returns Each tensor with the rows of all chunks; for a `tf.tidy`.
 */
export function byChunks<Parts extends readonly (tf.Tensor2D | undefined)[]>(
  chunks: readonly PairChunk[],
  compute: (chunk: PairChunk) => Parts,
): Parts {
  if (chunks.length === 1) return compute(chunks[0]);
  const computed = chunks.map((chunk) => tf.tidy(() => [...compute(chunk)]));
  const joined = computed[0].map((part, k) =>
    part && tf.concat(computed.map((parts) => parts[k]!), 0)
  );
  tf.dispose(computed as tf.Tensor[][]);
  return joined as unknown as Parts;
}
