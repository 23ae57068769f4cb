/**
 * Candidates of one image in the order of their scores.
 *
 * A triplet's score is subject score x predicate probability x object score. Ties are
 * ordered by subject, object, predicate (the originals leave them to their sort).
 * Nothing here makes an object per candidate.
 *
 * @module
 */

/** Pairs of one image with the scores of their predicates. */
export interface Candidates {
  /** `[Q]`, ordered by subject, then object. */
  subjects: Int32Array;
  /** `[Q]`. */
  objects: Int32Array;
  /** `[Q]`: where in `scores` the predicates of a pair begin. */
  starts: Int32Array;
  /** `[Q]`: what the predicates' scores are multiplied with. */
  weights: Float64Array;
  /** Predicate scores, `numPredicates` from each start. */
  scores: ArrayLike<number>;
  /** Number of predicates, "no relation" left out; 0 if there is nothing that tells. */
  numPredicates: number;
}

/** Candidates in order, best first. */
export interface Ranking {
  /** How many there are; the arrays may be longer. */
  length: number;
  /** Index of the subject entity. */
  subjects: ArrayLike<number>;
  /** Index of the object entity. */
  objects: ArrayLike<number>;
  /** Index of the predicate. */
  predicates: ArrayLike<number>;
}

/**
 * The best of what it is offered, in order, in constant memory (a binary heap with the
 * worst on top).
 */
class TopList {
  #scores = new Float64Array(0);
  #keys = new Int32Array(0);
  #length = 0;

  /** Empties the list and sets how many it keeps. */
  reset(depth: number): void {
    if (depth > this.#scores.length) {
      this.#scores = new Float64Array(depth);
      this.#keys = new Int32Array(depth);
    }
    this.depth = depth;
    this.#length = 0;
    this.least = -Infinity;
  }

  depth = 0;
  /** What is not above this need not be offered. */
  least = -Infinity;

  /** Takes a candidate; of equal scores the first offered is the better. */
  offer(score: number, key: number): void {
    if (this.#length < this.depth) {
      let at = this.#length++;
      while (at > 0) {
        const up = (at - 1) >> 1;
        if (!this.#isWorse(score, key, up)) break;
        this.#move(up, at);
        at = up;
      }
      this.#scores[at] = score;
      this.#keys[at] = key;
      if (this.#length === this.depth) this.least = this.#scores[0];
    } else if (score > this.least) {
      this.#sink(score, key, this.#length);
      this.least = this.#scores[0];
    }
  }

  /** The keys, best first; the list is empty afterwards. */
  drain(): Int32Array {
    const keys = new Int32Array(this.#length);
    for (let at = this.#length - 1; at >= 0; at--) {
      keys[at] = this.#keys[0];
      this.#sink(this.#scores[at], this.#keys[at], at);
    }
    this.#length = 0;
    return keys;
  }

  /** Puts an entry in at the top of the first `length` and lets it sink. */
  #sink(score: number, key: number, length: number): void {
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= length) break;
      if (
        down + 1 < length &&
        this.#isWorse(this.#scores[down + 1], this.#keys[down + 1], down)
      ) down++;
      if (this.#isWorse(score, key, down)) break;
      this.#move(down, at);
      at = down;
    }
    this.#scores[at] = score;
    this.#keys[at] = key;
  }

  #isWorse(score: number, key: number, than: number): boolean {
    return score < this.#scores[than] ||
      (score === this.#scores[than] && key > this.#keys[than]);
  }

  #move(from: number, to: number): void {
    this.#scores[to] = this.#scores[from];
    this.#keys[to] = this.#keys[from];
  }
}

const best = new TopList();
const bestOfPair = new TopList();

/**
 * Ranks the predicates of all pairs together.
 *
 * @param candidates Pairs with scores, ordered by subject, then object.
 * @param perPair How many predicates of a pair may stand in the list: 1 is the graph
 * constraint, `Infinity` none.
 * @param depth Greatest length of the list.
 * @returns The best candidates in order.
 */
export function rank(candidates: Candidates, perPair: number, depth: number): Ranking {
  const { subjects, objects, starts, weights, scores, numPredicates } = candidates;
  const numPairs = subjects.length;
  best.reset(Math.min(depth, numPairs * Math.min(perPair, numPredicates)));
  for (let pair = 0; pair < numPairs; pair++) {
    const start = starts[pair], weight = weights[pair], key = pair * numPredicates;
    if (perPair === 1) {
      let p = 0;
      for (let q = 1; q < numPredicates; q++) {
        if (scores[start + q] > scores[start + p]) p = q;
      }
      best.offer(weight * scores[start + p], key + p);
    } else if (perPair >= numPredicates) {
      for (let p = 0; p < numPredicates; p++) {
        const score = weight * scores[start + p];
        if (score > best.least) best.offer(score, key + p);
      }
    } else {
      bestOfPair.reset(perPair);
      for (let p = 0; p < numPredicates; p++) bestOfPair.offer(scores[start + p], p);
      // In the order of their indices, so that equal scores stay in that order.
      for (const p of bestOfPair.drain().sort()) {
        best.offer(weight * scores[start + p], key + p);
      }
    }
  }
  const keys = best.drain();
  const ranking = {
    length: keys.length,
    subjects: new Int32Array(keys.length),
    objects: new Int32Array(keys.length),
    predicates: new Int32Array(keys.length),
  };
  for (let i = 0; i < keys.length; i++) {
    const pair = Math.floor(keys[i] / numPredicates);
    ranking.subjects[i] = subjects[pair];
    ranking.objects[i] = objects[pair];
    ranking.predicates[i] = keys[i] - pair * numPredicates;
  }
  return ranking;
}
