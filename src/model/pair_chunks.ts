/**
 * The pairs of a batch, some subjects at a time: what is as wide as a hidden layer need
 * not be there for all pairs at once. An image of 466 boxes has 217,000 pairs, and one
 * layer of them would take 434 MB.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { Groups } from "../kernels/groups.ts";

/** Pairs that prediction takes at a time: 33 MB for each hidden layer of 500. */
export const PAIRS_AT_A_TIME = 2 ** 14;

/** Which entities the pairs of a batch are of, sorted by subject. */
export interface PairEnds {
  /** `[m]`. */
  subjects: Int32Array;
  /** `[m]`. */
  objects: Int32Array;
  /** n. */
  numEntities: number;
}

/** All pairs of some subjects. */
export class PairChunk {
  /** Which of the n entities is the subject of each pair. */
  readonly subjects: Groups;
  /** Which of the n entities is the object of each pair. */
  readonly objects: Groups;
  /** The same as `subjects`, counted from the first subject of the chunk. */
  readonly ownSubjects: Groups;
  /** Whether these are all pairs of the batch. */
  readonly isWhole: boolean;
  readonly #first: number;

  /**
   * @param ends All pairs of the batch.
   * @param first The first subject of the chunk, and the pair that it begins with.
   * @param last The subject after its last, and the pair after its last.
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

  /** The rows of these pairs, of a tensor that has one for each pair of the batch. */
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
 * Divides the pairs of a batch.
 *
 * @param ends All of them.
 * @param mostPairs So many a chunk, unless a single subject has more.
 * @returns The chunks, one at least; the caller disposes them.
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
 * Computes something chunk by chunk.
 *
 * @param chunks Of a batch.
 * @param compute Gives tensors with a row for each pair, or each subject, of a chunk; all
 * else that it makes is freed, if there are several.
 * @returns The rows of all chunks, of each of its tensors; for a `tf.tidy`.
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
