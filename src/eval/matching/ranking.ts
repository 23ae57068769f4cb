/**
 * Ranks the candidates of one image by score.
 *
 * A triplet's score is subject score x predicate probability x object score. Ties are
 * ordered by subject, object and predicate; the originals leave them to their sort. For
 * speed, no object is allocated for a candidate.
 *
 * @module
 */

/** Pairs of one image with the scores of their predicates. */
export interface Candidates {
  /** `[Q]`, ordered by subject, then object. */
  subjects: Int32Array;
  /** `[Q]`. */
  objects: Int32Array;
  /** `[Q]`: index in `scores` at which the predicates of a pair begin. */
  starts: Int32Array;
  /** `[Q]`: factors of the predicates' scores. */
  weights: Float64Array;
  /** Predicate scores, `numPredicates` from each start; -Infinity: no candidate. */
  scores: ArrayLike<number>;
  /** Number of predicates without "no relation"; 0 if it is unknown. */
  numPredicates: number;
}

/** Candidates in order, best first. */
export interface Ranking {
  /** Number of candidates; the arrays may be longer. */
  length: number;
  /** Indices of the subjects. */
  subjects: ArrayLike<number>;
  /** Indices of the objects. */
  objects: ArrayLike<number>;
  /** Indices of the predicates. */
  predicates: ArrayLike<number>;
  /** Scores, if the system gives any. */
  scores?: ArrayLike<number>;
}

/**
 * The best candidates offered so far, in constant memory: a binary heap with the worst on
 * top.
 */
class TopList {
  #scores = new Float64Array(0);
  #keys = new Int32Array(0);
  #length = 0;

  /** Empties the list and sets its greatest length. */
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
  /** Candidates need not be offered unless their score is above this. */
  least = -Infinity;

  /** Takes a candidate; keys ascend, so that the first of equal scores is the better. */
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

  /** Returns the keys, best first, and empties the list. */
  drain(): Int32Array {
    const keys = new Int32Array(this.#length);
    for (let at = this.#length - 1; at >= 0; at--) {
      keys[at] = this.#keys[0];
      this.#sink(this.#scores[at], this.#keys[at], at);
    }
    this.#length = 0;
    return keys;
  }

  /** Inserts an entry at the top of the first `length` and lets it sink. */
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
 * @param perPair Most predicates of a pair: 1 is the graph constraint, `Infinity` is no
 * constraint.
 * @param depth Greatest length of the list.
 * @param minScore Candidates of a lower score are left out.
 * @returns The best candidates in order.
 */
export function rank(
  candidates: Candidates,
  perPair: number,
  depth: number,
  minScore = -Infinity,
): Ranking {
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
      // Offered in the order of their indices, which breaks ties.
      for (const p of bestOfPair.drain().sort()) {
        const score = weight * scores[start + p];
        if (score > best.least) best.offer(score, key + p);
      }
    }
  }
  const scoreOf = (key: number) => {
    const pair = Math.floor(key / numPredicates);
    return weights[pair] * scores[starts[pair] + key - pair * numPredicates];
  };
  let keys = best.drain();
  if (minScore > -Infinity) keys = keys.filter((key) => scoreOf(key) >= minScore);
  const ranking = {
    length: keys.length,
    subjects: new Int32Array(keys.length),
    objects: new Int32Array(keys.length),
    predicates: new Int32Array(keys.length),
    scores: Float64Array.from(keys, scoreOf),
  };
  for (let i = 0; i < keys.length; i++) {
    const pair = Math.floor(keys[i] / numPredicates);
    ranking.subjects[i] = subjects[pair];
    ranking.objects[i] = objects[pair];
    ranking.predicates[i] = keys[i] - pair * numPredicates;
  }
  return ranking;
}
