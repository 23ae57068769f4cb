/**
 * Names of metrics and what they mean.
 *
 * A recall's name is `R` with prefixes: `ng` drops the graph constraint, `m` takes the
 * mean over predicates, `z` counts only annotated rows whose classes never occur together
 * in training, `s` counts only the others. `R/10` allows 10 predicates for each pair.
 * Examples: `R`, `ngR`, `mR`, `ngmR`, `zR`, `ngzR`, `sR`, `R/10`, `zR/70`, `ngR:1-5`.
 *
 * After a colon stands what the recall is of. `mR:head`, `mR:body` and `mR:tail` take the
 * mean over predicates that are frequent, in between, or rare in training. `R:1-5`,
 * `R:6-50` and `R:51+` count the rows whose triplet occurs that often in training, and `R:0`
 * is `zR`. `wR` weighs each row by the inverse document frequency of its predicate.
 *
 * The other metrics are `A` (only annotated pairs compete), `F1` and `ngF1` (harmonic
 * mean of R and mR), `ceiling` (both entities are found with the right labels, so some
 * ranking would have the row), `pR` (pairs found, whatever the predicate) and `accuracy`
 * (of single labels, as in the published program). `fAP`, `P-AUC`, `PDD` and `PDO` look at
 * relations and explicit negatives, see `negative_metrics.ts`.
 *
 * @module
 */

import { PREDICATE_GROUPS, type PredicateGroup } from "./predicate_groups.ts";

/** The ranked list of candidates that a metric looks at. */
export interface ListSpec {
  /** Most predicates of a pair: 1 is the graph constraint, Infinity is no constraint. */
  perPair: number;
  /** True if only annotated pairs compete. */
  onlyAnnotated: boolean;
  /** True if any predicate is a hit. */
  anyPredicate: boolean;
  /** True if all pairs compete at once: a row is hit if any pair matches it. */
  isWhole?: boolean;
}

/** Which annotated rows count; `pairs` means the first row of each pair. */
export type RowSubset = "all" | "unseen" | "seen" | "pairs" | TimesSeen;

/** How often training has the triplet of a row, if it has it at all. */
export type TimesSeen = "1-5" | "6-50" | "51+";

/** The numbers of times, fewest first. */
const TIMES_SEEN: readonly TimesSeen[] = ["1-5", "6-50", "51+"];

/** Recall by the number of times that training has a triplet. */
export const BY_SEEN = "zR,R:1-5,R:6-50,R:51+";

/** The metrics that `all` stands for. */
const ALL_METRICS = `R,ngR,mR,ngmR,F1,ngF1,mR:head,mR:body,mR:tail,wR,${BY_SEEN}`;

/** A metric of relations and explicit negatives. */
export type NegativeMetric = "fAP" | "P-AUC" | "PDD" | "PDO";

/** These metrics, in the order of tables. */
const NEGATIVE_METRICS: readonly NegativeMetric[] = ["fAP", "P-AUC", "PDD", "PDO"];

/** What a metric computes. */
export interface Metric {
  /** The name in full. */
  name: string;
  /**
   * Recall, the same with weighted rows, the ceiling of any ranking, the mean of recall
   * over predicates, the F1 of both, accuracy, or a metric of judged rows. Ceiling,
   * accuracy and metrics of judged rows have no K.
   */
  kind: "recall" | "weighted" | "ceiling" | "mean" | "f1" | "accuracy" | "judged";
  /** The metric of judged rows, if it is one. */
  ofJudged?: NegativeMetric;
  /** The predicates that a mean is over; default: all. */
  group?: PredicateGroup;
  /** The list whose first K count. */
  list: ListSpec;
  /** The rows that count. */
  rows: RowSubset;
  /** True if hits and rows are pooled whatever the protocol's aggregate. */
  isPooled: boolean;
}

/** Names for several metrics. */
const ALIASES = new Map<string, readonly string[]>([
  ["all", ALL_METRICS.split(",")],
  ["negatives", NEGATIVE_METRICS],
]);

/** The names, for `--help` and error messages. */
export const METRIC_NAMES =
  "R, ngR, mR, ngmR, zR, ngzR, sR, wR, R/10, mR:head, mR:body, mR:tail, R:1-5, R:6-50, R:51+, A, F1, ngF1, pR, ceiling, accuracy, all; with negatives fAP, P-AUC, PDD, PDO, or negatives for these four";

/**
 * Parses the name of a metric; case does not matter.
 *
 * @param name Such as `R`, `ngmR` or `zR/70`.
 * @returns What it computes.
 * @throws {RangeError} If no metric has this name.
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
  const ofJudged = NEGATIVE_METRICS.find((name) => name.toLowerCase() === text);
  if (ofJudged) return { ...metric(ofJudged, 1), kind: "judged", ofJudged };
  if (text === "ceiling") {
    const list = {
      perPair: 1,
      onlyAnnotated: false,
      anyPredicate: true,
      isWhole: true,
    };
    return { ...metric("ceiling", 1), kind: "ceiling", list };
  }
  if (text === "a") {
    const list = { perPair: 1, onlyAnnotated: true, anyPredicate: false };
    return { ...metric("A", 1), list, isPooled: true };
  }
  if (text === "pr") {
    const list = { perPair: 1, onlyAnnotated: false, anyPredicate: true };
    return { ...metric("pR", 1), list, rows: "pairs" };
  }
  const [main, of, ...rest] = text.split(":");
  const parts = rest.length > 0
    ? null
    : /^(ng)?(m|z|s|w|f1)?(r)?(?:\/(\d+))?$/.exec(main);
  const isF1 = parts?.[2] === "f1";
  const perPair = parts?.[1] ? Infinity : Number(parts?.[4] ?? 1);
  if (
    !parts || isF1 === (parts[3] === "r") || perPair < 1 || (parts[1] && parts[4]) ||
    !isPart(parts[2], of)
  ) {
    throw new RangeError(`Cannot find the metric "${name}": there are ${METRIC_NAMES}`);
  }
  const suffix = parts[4] ? `/${perPair}` : "";
  const prefix = of === "0" ? "z" : parts[2];
  const middle = isF1 ? "F1" : `${prefix ?? ""}R`;
  const group = PREDICATE_GROUPS.find((group) => group === of);
  const times = TIMES_SEEN.find((times) => times === of);
  const part = group ?? times;
  return {
    ...metric(
      `${parts[1] ?? ""}${middle}${suffix}${part ? `:${part}` : ""}`,
      perPair,
    ),
    kind: isF1 ? "f1" : prefix === "m" ? "mean" : prefix === "w" ? "weighted" : "recall",
    ...group && { group },
    rows: prefix === "z" ? "unseen" : prefix === "s" ? "seen" : times ?? "all",
  };
}

/** Whether a recall with this prefix can be of this part. */
function isPart(prefix: string | undefined, of: string | undefined): boolean {
  if (of === undefined) return true;
  if (prefix === "m") return PREDICATE_GROUPS.some((group) => group === of);
  return prefix === undefined && (of === "0" || TIMES_SEEN.some((times) => times === of));
}

/** What a metric must know of training: which triplets it has, how often, or nothing. */
export function trainingNeed(
  { kind, group, rows }: Metric,
): "triplets" | "counts" | null {
  if (kind === "weighted" || group || TIMES_SEEN.some((times) => times === rows)) {
    return "counts";
  }
  return rows === "unseen" || rows === "seen" ? "triplets" : null;
}

/**
 * Checks that what metrics need of training is known.
 *
 * @throws {RangeError} If something is missing; the message names the first metric.
 */
export function checkKnown(
  metrics: readonly Metric[],
  known: { zeroShot?: unknown; training?: unknown },
): void {
  for (const metric of metrics) {
    const need = trainingNeed(metric);
    const field = need === "counts" ? "training" : "zeroShot";
    if (need === null || known[field]) continue;
    throw new RangeError(
      `Cannot compute ${metric.name} without the ${need} of training: give "${field}"`,
    );
  }
}

function metric(name: string, perPair: number): Metric {
  const list = { perPair, onlyAnnotated: false, anyPredicate: false };
  return { name, kind: "recall", list, rows: "all", isPooled: false };
}

/**
 * Parses a list of names, drops repetitions and keeps the order.
 *
 * @param names Such as `R,mR,zR`, or an array of names.
 * @throws {RangeError} If the list is empty or a name is unknown.
 */
export function parseMetrics(names: string | readonly string[]): Metric[] {
  const list = (typeof names === "string" ? names.split(",") : names)
    .flatMap((name) => ALIASES.get(name.trim().toLowerCase()) ?? name)
    .map((name) => name.trim()).filter((name) => name !== "");
  if (list.length === 0) {
    throw new RangeError(`Cannot evaluate without a metric: there are ${METRIC_NAMES}`);
  }
  const metrics = new Map(list.map(parseMetric).map((metric) => [metric.name, metric]));
  return [...metrics.values()];
}

/**
 * Checks the numbers of candidates after which recall is taken.
 *
 * @param ks Such as `[20, 50, 100]`, or the text `20,50,100`.
 * @returns Each number once, ascending.
 * @throws {RangeError} If the list is empty or a number is not an integer in [1, 65000].
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
  if (list.length === 0) {
    throw new RangeError(
      'Cannot compute recall@K as "k" must have one number or more: found none',
    );
  }
  return [...new Set(list)].sort((a, b) => a - b);
}

/** The lists that metrics look at, each once. */
export function listsOf(metrics: readonly Metric[]): ListSpec[] {
  const ranked = metrics.filter(({ kind }) => kind !== "accuracy" && kind !== "judged");
  return [...new Map(ranked.map(({ list }) => [listKey(list), list])).values()];
}

/** The name of the metric that counts the rows of a list: `R`, `ngR`, `R/10`, `A`, `pR`. */
export function listName(
  { perPair, onlyAnnotated, anyPredicate, isWhole }: ListSpec,
): string {
  if (isWhole) return "ceiling";
  if (onlyAnnotated) return "A";
  if (anyPredicate) return "pR";
  return perPair === 1 ? "R" : perPair === Infinity ? "ngR" : `R/${perPair}`;
}

/** A text that is equal for equal lists. */
export function listKey(
  { perPair, onlyAnnotated, anyPredicate, isWhole }: ListSpec,
): string {
  return `${perPair}${onlyAnnotated ? " annotated" : ""}${anyPredicate ? " any" : ""}${
    isWhole ? " whole" : ""
  }`;
}
