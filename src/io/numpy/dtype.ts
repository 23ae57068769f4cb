/**
 * NumPy's element types, as files name them.
 *
 * @module
 */

/** The type of one element. */
export interface Dtype {
  /** NumPy's letter: b, i, u, f, c, S, U, V, O, M or m. */
  kind: string;
  /** Size of one element in bytes. */
  itemSize: number;
  /** Byte order: `">"` for the highest byte first, else `"<"` or `"|"`. */
  order: string;
  /** Unit of dates and time spans, such as `"ns"`. */
  unit?: string;
  /** Fields of a record; offsets in bytes. */
  fields?: { name: string; dtype: Dtype; offset: number }[];
  /** Element type and shape, if each element is an array itself. */
  sub?: { dtype: Dtype; shape: readonly number[] };
}

/** Nested records deeper than this are refused. */
const DEEPEST = 32;

/** Possible sizes of an element in bytes by kind; `undefined` allows every size. */
const SIZES: Readonly<Record<string, readonly number[] | undefined>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8, 12, 16],
  c: [8, 16, 24, 32],
  O: [4, 8],
  M: [8],
  m: [8],
  S: undefined,
  U: undefined,
  V: undefined,
};

/** Letters of older NumPy files. */
const OLD_KINDS: Readonly<Record<string, string>> = { a: "S", "?": "b1" };

/**
 * Parses a type code such as `"<f4"`, `"|S10"`, `"O"` or `"<M8[ns]"`.
 *
 * @param code The code in the file.
 * @param fail Throws an error with the name of the file and the problem.
 */
export function parseDtype(code: string, fail: (problem: string) => never): Dtype {
  const match = /^([<>|=]?)([a-zA-Z?])(\d{0,9})(?:\[([0-9]*[a-zA-Zμ]+)\])?$/.exec(code);
  if (match === null) return fail(`the unknown dtype ${JSON.stringify(code)}`);
  const [, order, letter, digits, unit] = match;
  const [kind, size] = [...OLD_KINDS[letter] ?? letter];
  const itemSize = kind === "O" ? 8 : Number(size ?? digits) * (kind === "U" ? 4 : 1);
  const sizes = SIZES[kind];
  if (!Object.hasOwn(SIZES, kind) || (sizes && !sizes.includes(itemSize))) {
    return fail(`the unknown dtype ${JSON.stringify(code)}`);
  }
  return { kind, itemSize, order: order === ">" ? ">" : "<", unit };
}

/**
 * The type of a `.npy` header: a code, or a list of `[name, type]` or
 * `[name, type, shape]`.
 *
 * @param descr The header's `descr`.
 * @param fail Throws with the name of the file.
 */
export function parseDescr(
  descr: unknown,
  fail: (problem: string) => never,
  depth = 0,
): Dtype {
  if (typeof descr === "string") return parseDtype(descr, fail);
  if (!Array.isArray(descr) || depth > DEEPEST) return fail("an unknown dtype");
  let offset = 0;
  const fields: Dtype["fields"] = [];
  for (const entry of descr) {
    if (!Array.isArray(entry) || entry.length < 2) return fail("an unknown dtype");
    const [title, type, shape] = entry;
    const name = Array.isArray(title) ? title.at(-1) : title;
    if (typeof name !== "string") return fail("a field without a name");
    const element = parseDescr(type, fail, depth + 1);
    const dtype = shape === undefined ? element : subarray(element, shape, fail);
    if (name !== "") fields.push({ name, dtype, offset }); // "" is padding
    offset += dtype.itemSize;
  }
  return { kind: "V", itemSize: offset, order: "|", fields };
}

/** Makes the type of elements that are arrays of `dtype`. */
export function subarray(
  dtype: Dtype,
  shape: unknown,
  fail: (problem: string) => never,
): Dtype {
  const lengths = Array.isArray(shape) ? shape : [shape];
  const count = lengths.reduce((product, length) => product * length, 1);
  const itemSize = count * dtype.itemSize;
  const isSound = lengths.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!isSound || !Number.isSafeInteger(itemSize)) return fail("a field without a shape");
  return { kind: "V", itemSize, order: "|", sub: { dtype, shape: lengths } };
}

const NAMES: Readonly<Record<string, string>> = {
  b: "bool",
  i: "int",
  u: "uint",
  f: "float",
  c: "complex",
  S: "bytes",
  U: "str",
  V: "void",
  O: "object",
  M: "datetime64",
  m: "timedelta64",
};

/** NumPy's name of a type, without the length of strings. */
export function dtypeName({ kind, itemSize, unit }: Dtype): string {
  if ("iufc".includes(kind)) return `${NAMES[kind]}${8 * itemSize}`;
  return unit ? `${NAMES[kind]}[${unit}]` : NAMES[kind];
}
