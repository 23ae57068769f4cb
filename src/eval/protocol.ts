/**
 * Tasks and protocols: a task says what the system is given, a protocol how its
 * predictions are ranked, matched and averaged.
 *
 * The programs that the field uses score the same predictions differently. Here a
 * protocol is a plain record with one field for each of these choices. Four named records
 * combine them as the original programs do; any other combination can be written, too.
 *
 * @module
 */

import { nearestName } from "../nearest.ts";
import { showValue } from "../show_value.ts";

/**
 * What a system is given: boxes and entity classes (`predcls`), boxes (`sgcls`), nothing
 * (`sgdet`), or boxes, classes and the annotated pairs (`preddet`). Phrase detection
 * (`phrdet`) gives nothing and matches one box for both entities, the smallest around
 * them.
 */
export type Task = "predcls" | "sgcls" | "sgdet" | "preddet" | "phrdet";

/** The tasks. */
export const TASKS: readonly Task[] = ["predcls", "sgcls", "sgdet", "preddet", "phrdet"];

/** Whether a task gives the system no boxes. */
export function isDetection(task: Task): boolean {
  return task === "sgdet" || task === "phrdet";
}

/** Whether a task gives the system the classes of the entities. */
export function givesLabels(task: Task): boolean {
  return task === "predcls" || task === "preddet";
}

/** The choices in which evaluations differ. */
export interface Protocol {
  /** Stands beside the numbers. */
  name: string;
  /**
   * `sliced`: "no relation" is dropped after the softmax over all P, without
   * normalizing again; `excluded`: the softmax runs over the predicates alone.
   */
  background: "sliced" | "excluded";
  /** `all` N(N-1) ordered pairs, or of detected boxes only those that overlap. */
  candidatePairs: "all" | "overlapping";
  /**
   * Candidates of predicate detection: one for each annotated row (`rows`), or one for
   * each distinct ordered pair of classes and boxes (`pairs`).
   */
  annotatedPairs: "rows" | "pairs";
  /** Annotated rows that count: `all`, or the `last` of each ordered pair. */
  annotatedRows: "all" | "last";
  /**
   * `many-to-one`: a candidate may match several annotated rows; `one-to-one`: in order
   * of score, each candidate takes the free row with the greatest min(IoU, IoU).
   */
  matching: "many-to-one" | "one-to-one";
  /**
   * How predicate detection, which gives the pairs, finds the row of a candidate: by the
   * `indices` of its entities, or by class and `overlap` as the other tasks do, so that a
   * near-duplicate of an entity counts as well.
   */
  pairMatching: "indices" | "overlap";
  /** Intersection over `union`, or over the smallest box around both (`enclosing`). */
  overlap: "union" | "enclosing";
  /** Pixels added to widths and heights: 1 if x2 is the last pixel inside. */
  pixel: 0 | 1;
  /** Least overlap of a match, inclusive; 0.5 in all named protocols. */
  threshold: number;
  /** Mean of the images' recalls (`images`), or all hits over all rows (`pooled`). */
  aggregate: "images" | "pooled";
  /** How many candidates count: K (`first`), or min(K, N(N-1)) (`pairs`). */
  kRule: "first" | "pairs";
  /**
   * Lists of triplets that a system gives: `checked` lists are sorted by score and cut
   * to the predicates that the metric allows for each pair; the originals take them as
   * `given`.
   */
  lists: "checked" | "given";
  /** Length at which lists without graph constraint are cut; null means never. */
  listLimit: number | null;
  /** Whether images without relations count as images. */
  withoutRelations: "skip" | "count";
  /** Images without candidates are left out (`skip`), or miss all their rows. */
  withoutPredictions: "skip" | "miss";
  /** Recall of one predicate: mean over the images that have it, or pooled. */
  perPredicate: "images" | "pooled";
  /** Predicates without a row count as 0 in the mean, or are left out (`omit`). */
  absentPredicates: "zero" | "omit";
}

const MOTIFS: Protocol = {
  name: "motifs",
  background: "sliced",
  candidatePairs: "all",
  annotatedPairs: "rows",
  annotatedRows: "all",
  matching: "many-to-one",
  pairMatching: "indices",
  overlap: "union",
  pixel: 1,
  threshold: 0.5,
  aggregate: "images",
  kRule: "first",
  lists: "checked",
  listLimit: 100,
  withoutRelations: "skip",
  withoutPredictions: "miss",
  perPredicate: "images",
  absentPredicates: "zero",
};

/**
 * The protocols by name: `sgp` (the program of arXiv 1802.05451), `motifs`
 * (neural-motifs and scene-graph-TF-release), `sgg-benchmark` (KaihuaTang) and `vrd` (Lu
 * et al.).
 */
export const PROTOCOLS = {
  sgp: {
    ...MOTIFS,
    name: "sgp",
    annotatedRows: "last",
    pairMatching: "overlap",
    overlap: "enclosing",
    kRule: "pairs",
    listLimit: null,
    withoutPredictions: "skip",
    perPredicate: "pooled",
    absentPredicates: "omit",
  },
  motifs: MOTIFS,
  "sgg-benchmark": {
    ...MOTIFS,
    name: "sgg-benchmark",
    pairMatching: "overlap",
    withoutPredictions: "skip",
  },
  vrd: {
    ...MOTIFS,
    name: "vrd",
    background: "excluded",
    matching: "one-to-one",
    pairMatching: "overlap",
    aggregate: "pooled",
    listLimit: null,
    withoutRelations: "count",
    perPredicate: "pooled",
    absentPredicates: "omit",
  },
} as const satisfies Record<string, Protocol>;

/** Name of one of the {@linkcode PROTOCOLS}. */
export type ProtocolName = keyof typeof PROTOCOLS;

/** The allowed values of fields. */
const CHOICES: { [F in keyof Protocol]?: readonly unknown[] } = {
  background: ["sliced", "excluded"],
  candidatePairs: ["all", "overlapping"],
  annotatedPairs: ["rows", "pairs"],
  annotatedRows: ["all", "last"],
  matching: ["many-to-one", "one-to-one"],
  pairMatching: ["indices", "overlap"],
  overlap: ["union", "enclosing"],
  pixel: [0, 1],
  aggregate: ["images", "pooled"],
  kRule: ["first", "pairs"],
  lists: ["checked", "given"],
  withoutRelations: ["skip", "count"],
  withoutPredictions: ["skip", "miss"],
  perPredicate: ["images", "pooled"],
  absentPredicates: ["zero", "omit"],
};

/**
 * Parses a protocol: a name, then changes, each after a `+`.
 *
 * @param text Such as `motifs`, or `vrd+annotatedPairs=pairs+threshold=0.7`.
 * @returns The record; its name is the text.
 * @throws {RangeError} If the name, a field or a value is unknown.
 *
 * @example
 * ```ts
 * import { parseProtocol } from "./protocol.ts";
 * const protocol = parseProtocol("motifs+aggregate=pooled");
 * if (protocol.aggregate !== "pooled" || protocol.overlap !== "union") throw new Error();
 * ```
 */
export function parseProtocol(text: string): Protocol {
  if (typeof text !== "string") {
    throw new TypeError(
      `Cannot find the protocol as its name must be a text: found ${showValue(text)}`,
    );
  }
  const [name, ...changes] = text.split("+");
  if (!Object.hasOwn(PROTOCOLS, name)) {
    const nearest = nearestName(name, Object.keys(PROTOCOLS));
    throw new RangeError(
      `Cannot find the protocol "${name}": the nearest is "${nearest}"`,
    );
  }
  const protocol: Record<string, unknown> = {
    ...PROTOCOLS[name as ProtocolName],
    name: text,
  };
  for (const change of changes) {
    const [field, value] = change.split("=", 2);
    if (!Object.hasOwn(protocol, field) || field === "name") {
      const nearest = nearestName(field, Object.keys(protocol));
      throw new RangeError(
        `Cannot change "${field}" of protocol "${name}": the nearest field is "${nearest}"`,
      );
    }
    protocol[field] = value === "null"
      ? null
      : /^[\d.]+$/.test(value ?? "")
      ? Number(value)
      : value;
  }
  return checkProtocol(protocol);
}

/**
 * Checks that a value, for example from JSON, is a protocol.
 *
 * @param record Any value.
 * @returns The same value.
 * @throws {TypeError} If it is not an object.
 * @throws {RangeError} If a field is missing, unknown or has no known value.
 */
export function checkProtocol(record: unknown): Protocol {
  if (typeof record !== "object" || record === null) {
    throw new TypeError(
      `Cannot use ${showValue(record)} as a protocol: it must be an object`,
    );
  }
  const protocol = record as Protocol;
  const fail = (field: string, must: string, found: unknown) => {
    throw new RangeError(
      `Cannot use protocol "${protocol.name}": "${field}" must be ${must}: current value is ${found}`,
    );
  };
  for (const field of Object.keys(protocol)) {
    if (!Object.hasOwn(MOTIFS, field)) {
      fail(field, "a field of a protocol", `"${field}"`);
    }
  }
  for (const [field, choices] of Object.entries(CHOICES)) {
    const value = protocol[field as keyof Protocol];
    if (!choices.includes(value)) fail(field, choices.join(" or "), value);
  }
  const { name, threshold, listLimit } = protocol;
  if (typeof name !== "string") fail("name", "a text", name);
  if (!(threshold > 0 && threshold <= 1)) fail("threshold", "in (0, 1]", threshold);
  if (listLimit !== null && !(Number.isInteger(listLimit) && listLimit >= 1)) {
    fail("listLimit", "null or an integer >= 1", listLimit);
  }
  return protocol;
}

/**
 * Describes a protocol in one line with all its choices.
 *
 * @param protocol Any protocol.
 * @returns Such as `motifs: background=sliced, candidatePairs=all, ...`.
 *
 * @example
 * ```ts
 * import { describeProtocol, PROTOCOLS } from "./protocol.ts";
 * const text = describeProtocol(PROTOCOLS.vrd);
 * if (!/^vrd: .*matching=one-to-one/.test(text)) throw new Error();
 * ```
 */
export function describeProtocol(protocol: Protocol): string {
  if (typeof protocol !== "object" || protocol === null) {
    throw new TypeError(
      `Cannot describe the protocol as it must be one of parseProtocol(): found ${
        showValue(protocol)
      }`,
    );
  }
  const { name, ...choices } = protocol;
  const fields = Object.entries(choices).map(([field, value]) => `${field}=${value}`);
  return `${name}: ${fields.join(", ")}`;
}
