/**
 * What an evaluation counts: the task says what is given, the protocol how predictions
 * are ranked, matched and averaged.
 *
 * The programs that the field uses score the same predictions differently. Each of
 * their habits is one field of a plain record here; the four named records combine them
 * as the originals do, and any other combination may be written down as easily.
 *
 * @module
 */

import { nearestName } from "../nearest.ts";

/**
 * What a system is given: `predcls` boxes and entity classes, `sgcls` boxes, `sgdet`
 * nothing, `preddet` boxes, classes and the annotated pairs.
 */
export type Task = "predcls" | "sgcls" | "sgdet" | "preddet";

/** The tasks. */
export const TASKS: readonly Task[] = ["predcls", "sgcls", "sgdet", "preddet"];

/** The choices that make one evaluation differ from another. */
export interface Protocol {
  /** What the numbers are called. */
  name: string;
  /**
   * `sliced`: "no relation" is dropped after the softmax over all P, nothing is
   * renormalized; `excluded`: the softmax runs over the predicates alone.
   */
  background: "sliced" | "excluded";
  /** `all` N(N-1) ordered pairs; `overlapping`: in SGDet those whose boxes overlap. */
  candidatePairs: "all" | "overlapping";
  /**
   * Candidates of predicate detection: one list an annotated row (`rows`), or one a
   * distinct ordered pair of equal classes and boxes (`pairs`, the first is kept).
   */
  annotatedPairs: "rows" | "pairs";
  /** Annotated rows that count: `all`, or of each ordered pair the `last` one. */
  annotatedRows: "all" | "last";
  /**
   * `many-to-one`: each annotated row looks for a match of its own; `one-to-one`: by
   * score, each candidate takes the free row with the greatest min(IoU, IoU).
   */
  matching: "many-to-one" | "one-to-one";
  /** Intersection over `union`, or over the `enclosing` box. */
  overlap: "union" | "enclosing";
  /** Added to widths and heights, in pixels: 1 where x2 is the last pixel inside. */
  pixel: 0 | 1;
  /** Least overlap of a match, inclusive; 0.5 everywhere. */
  threshold: number;
  /** `images`: mean of the images' recalls; `pooled`: all hits over all rows. */
  aggregate: "images" | "pooled";
  /** `first`: the first K candidates; `pairs`: the first min(K, N(N-1)). */
  kRule: "first" | "pairs";
  /**
   * Lists of triplets that a system gives: `checked` (sorted by score, at most so many
   * predicates a pair as the metric allows), or taken as `given`, as the originals do.
   */
  lists: "checked" | "given";
  /** Length at which lists without graph constraint are cut; null: never. */
  listLimit: number | null;
  /** Images without relations: not counted as images (`skip`), or counted (`count`). */
  withoutRelations: "skip" | "count";
  /** Images without any candidate: left out (`skip`), or all their rows missed (`miss`). */
  withoutPredictions: "skip" | "miss";
  /** Recall of one predicate: mean over the `images` that have it, or `pooled`. */
  perPredicate: "images" | "pooled";
  /** Predicates without a row: recall `zero` in the mean, or left out (`omit`). */
  absentPredicates: "zero" | "omit";
}

const MOTIFS: Protocol = {
  name: "motifs",
  background: "sliced",
  candidatePairs: "all",
  annotatedPairs: "rows",
  annotatedRows: "all",
  matching: "many-to-one",
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
 * (neural-motifs; scene-graph-TF-release is equal), `sgg-benchmark` (KaihuaTang) and
 * `vrd` (Lu et al.).
 */
export const PROTOCOLS = {
  sgp: {
    ...MOTIFS,
    name: "sgp",
    annotatedRows: "last",
    overlap: "enclosing",
    kRule: "pairs",
    listLimit: null,
    withoutPredictions: "skip",
    perPredicate: "pooled",
    absentPredicates: "omit",
  },
  motifs: MOTIFS,
  "sgg-benchmark": { ...MOTIFS, name: "sgg-benchmark", withoutPredictions: "skip" },
  vrd: {
    ...MOTIFS,
    name: "vrd",
    background: "excluded",
    matching: "one-to-one",
    aggregate: "pooled",
    listLimit: null,
    withoutRelations: "count",
    perPredicate: "pooled",
    absentPredicates: "omit",
  },
} as const satisfies Record<string, Protocol>;

/** Name of one of the {@linkcode PROTOCOLS}. */
export type ProtocolName = keyof typeof PROTOCOLS;

/** What each field may be. */
const CHOICES: { [F in keyof Protocol]?: readonly unknown[] } = {
  background: ["sliced", "excluded"],
  candidatePairs: ["all", "overlapping"],
  annotatedPairs: ["rows", "pairs"],
  annotatedRows: ["all", "last"],
  matching: ["many-to-one", "one-to-one"],
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
 * The protocol of a text: a name, and changes after it, `+` before each.
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
 * Checks that a record, from JSON for one, is a protocol.
 *
 * @param record Anything.
 * @returns The same record.
 * @throws {TypeError} If it is not an object.
 * @throws {RangeError} If a field is missing, unknown or has no known value.
 */
export function checkProtocol(record: unknown): Protocol {
  if (typeof record !== "object" || record === null) {
    throw new TypeError(`Cannot use ${record} as a protocol: it must be an object`);
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
 * One line with every choice, to stand beside the numbers.
 *
 * @param protocol Any protocol.
 * @returns Such as `motifs: background=sliced, candidatePairs=all, ...`.
 */
export function describeProtocol(protocol: Protocol): string {
  const { name, ...choices } = protocol;
  const fields = Object.entries(choices).map(([field, value]) => `${field}=${value}`);
  return `${name}: ${fields.join(", ")}`;
}
