/**
 * Names of metrics and what they mean.
 *
 * A name is a prefix or two, a letter and perhaps a number: `ng` drops the graph
 * constraint, `m` takes the mean over predicates, `z` counts the annotated rows whose
 * classes never stand together in training, `s` the others; `R/10` allows 10 predicates
 * a pair. So `R`, `ngR`, `mR`, `ngmR`, `zR`, `ngzR`, `sR`, `R/10`, `zR/70`, ...; beside
 * them `A` (only annotated pairs compete), `F1` and `ngF1` (harmonic mean of R and mR),
 * `pR` (pairs found, whatever the predicate), and `accuracy` (entities, and the counts
 * of the published program).
 *
 * @module
 */

/** One ranked list that a metric looks at. */
export interface ListSpec {
  /** Predicates a pair may have in it: 1 is the graph constraint, Infinity none. */
  perPair: number;
  /** True if only annotated pairs compete. */
  onlyAnnotated: boolean;
  /** True if any predicate hits. */
  anyPredicate: boolean;
}

/** Which annotated rows count: of `pairs`, one row a pair. */
export type RowSubset = "all" | "unseen" | "seen" | "pairs";

/** What a metric computes. */
export interface Metric {
  /** The name in full. */
  name: string;
  /** Recall, its mean over predicates, both in one, or the counts without K. */
  kind: "recall" | "mean" | "f1" | "accuracy";
  /** The list whose first K count. */
  list: ListSpec;
  /** The rows that count. */
  rows: RowSubset;
  /** True if hits and rows are summed whatever the protocol says. */
  isPooled: boolean;
}

/** The names that a message may suggest. */
const EXAMPLES = "R, ngR, mR, ngmR, zR, ngzR, sR, R/10, A, F1, ngF1, pR, accuracy";

/**
 * The metric of a name; case does not matter.
 *
 * @param name Such as `R`, `ngmR` or `zR/70`.
 * @returns What it computes.
 * @throws {RangeError} If there is no such metric.
 *
 * @example
 * ```ts
 * import { parseMetric } from "./metric.ts";
 * const { name, list, rows } = parseMetric("ngzr");
 * if (name !== "ngzR" || list.perPair !== Infinity || rows !== "unseen") throw new Error();
 * ```
 */
export function parseMetric(name: string): Metric {
  const text = name.toLowerCase();
  if (text === "accuracy") return { ...metric("accuracy", 1), kind: "accuracy" };
  if (text === "a") {
    const list = { perPair: 1, onlyAnnotated: true, anyPredicate: false };
    return { ...metric("A", 1), list, isPooled: true };
  }
  if (text === "pr") {
    const list = { perPair: 1, onlyAnnotated: false, anyPredicate: true };
    return { ...metric("pR", 1), list, rows: "pairs" };
  }
  const parts = /^(ng)?(m|z|s|f1)?(r)?(?:\/(\d+))?$/.exec(text);
  const isF1 = parts?.[2] === "f1";
  const perPair = parts?.[1] ? Infinity : Number(parts?.[4] ?? 1);
  if (
    !parts || isF1 === (parts[3] === "r") || perPair < 1 || (parts[1] && parts[4])
  ) {
    throw new RangeError(`Cannot find the metric "${name}": there are ${EXAMPLES}`);
  }
  const suffix = parts[4] ? `/${perPair}` : "";
  const middle = isF1 ? "F1" : `${parts[2] ?? ""}R`;
  return {
    ...metric(`${parts[1] ?? ""}${middle}${suffix}`, perPair),
    kind: isF1 ? "f1" : parts[2] === "m" ? "mean" : "recall",
    rows: parts[2] === "z" ? "unseen" : parts[2] === "s" ? "seen" : "all",
  };
}

function metric(name: string, perPair: number): Metric {
  const list = { perPair, onlyAnnotated: false, anyPredicate: false };
  return { name, kind: "recall", list, rows: "all", isPooled: false };
}

/**
 * Metrics of a list of names, each once, in order.
 *
 * @param names Such as `R,mR,zR`, or an array of such.
 * @throws {RangeError} If there is none, or no such metric.
 */
export function parseMetrics(names: string | readonly string[]): Metric[] {
  const list = (typeof names === "string" ? names.split(",") : names)
    .map((name) => name.trim()).filter((name) => name !== "");
  if (list.length === 0) {
    throw new RangeError(`Cannot evaluate without a metric: there are ${EXAMPLES}`);
  }
  const metrics = new Map(list.map(parseMetric).map((metric) => [metric.name, metric]));
  return [...metrics.values()];
}

/**
 * Checks the numbers of candidates after which recall is taken.
 *
 * @param ks Such as `[20, 50, 100]`, or the text `20,50,100`.
 * @returns Each once, ascending.
 * @throws {RangeError} If one is no integer from 1 to 65,000, or there is none.
 */
export function parseKs(ks: string | readonly number[]): number[] {
  const list = typeof ks === "string" ? ks.split(",").map(Number) : [...ks];
  for (const k of list) {
    if (!(Number.isInteger(k) && k >= 1 && k <= 65_000)) {
      throw new RangeError(
        `Cannot compute recall@K as k must be an integer from 1 to 65000: current value is ${k}`,
      );
    }
  }
  if (list.length === 0) throw new RangeError("Cannot compute recall@K without any k");
  return [...new Set(list)].sort((a, b) => a - b);
}

/** The lists that metrics look at, each once. */
export function listsOf(metrics: readonly Metric[]): ListSpec[] {
  const ranked = metrics.filter(({ kind }) => kind !== "accuracy");
  return [...new Map(ranked.map(({ list }) => [listKey(list), list])).values()];
}

/** A text that is equal for equal lists. */
export function listKey({ perPair, onlyAnnotated, anyPredicate }: ListSpec): string {
  return `${perPair}${onlyAnnotated ? " annotated" : ""}${anyPredicate ? " any" : ""}`;
}
