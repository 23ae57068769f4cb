/**
 * NumPy's arrays, scalars and element types, as pickles write them.
 *
 * Source: numpy/core/src/multiarray (`array_reduce`, `arraydescr_reduce`).
 *
 * @module
 */

import { type Dtype, dtypeName, parseDtype, subarray } from "../numpy/dtype.ts";
import type { Constructor, Context } from "./_globals.ts";
import { bytesOf, PyGlobal } from "./_values.ts";
import { countOf, decodeElement, decodeNumpy, NumpyArray } from "../numpy/array.ts";

/** Limit on the nesting of records. */
const DEEPEST = 32;

/** An element type, which {@linkcode setDtypeState} completes. */
export class PickledDtype {
  dtype: Dtype;

  constructor(dtype: Dtype) {
    this.dtype = dtype;
  }
}

/** An empty array, which {@linkcode setArrayState} fills. */
export class PickledArray extends NumpyArray {
  constructor() {
    super("int8", [0], []);
  }
}

const makeDtype: Constructor = ([code], context) => {
  if (typeof code !== "string") return context.fail("a dtype without a code");
  return new PickledDtype(parseDtype(code, context.fail));
};

const reconstruct: Constructor = ([type], context) => {
  if (type instanceof PyGlobal && type.name === "numpy.ndarray") {
    return new PickledArray();
  }
  const name = type instanceof PyGlobal ? type.name : "something else";
  return context.fail(`an array of the class ${name}`);
};

const makeScalar: Constructor = ([type, value], context) => {
  if (!(type instanceof PickledDtype)) return context.fail("a scalar without a dtype");
  const { dtype } = type;
  if (dtype.kind === "O") return value;
  const bytes = bytesOf(value);
  if (bytes?.length !== dtype.itemSize) {
    return context.fail(`a scalar of ${dtypeName(dtype)} in ${bytes?.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodeElement(dtype, view, 0);
};

/** Makes an array as protocol 5 writes it. */
const fromBuffer: Constructor = ([buffer, type, shape, order], context) => {
  const bytes = bytesOf(buffer);
  if (!(type instanceof PickledDtype) || bytes === undefined || !Array.isArray(shape)) {
    return context.fail("an array without bytes, dtype or shape");
  }
  context.spend(bytes.length);
  return decodeNumpy(type.dtype, shape, bytes, order === "F", context.fail);
};

/** Constructors by full name; NumPy 2 has moved most of them. */
export const NUMPY_CONSTRUCTORS: ReadonlyMap<string, Constructor> = new Map([
  ["numpy.dtype", makeDtype],
  ["numpy.core.multiarray._reconstruct", reconstruct],
  ["numpy._core.multiarray._reconstruct", reconstruct],
  ["numpy.core.multiarray.scalar", makeScalar],
  ["numpy._core.multiarray.scalar", makeScalar],
  ["numpy.core.numeric._frombuffer", fromBuffer],
  ["numpy._core.numeric._frombuffer", fromBuffer],
]);

/** Names that a pickle may mention but not call. */
export const NUMPY_NAMES: ReadonlySet<string> = new Set(["numpy.ndarray"]);

/**
 * Fills an array from its pickled state: `(version, shape, dtype, is Fortran, bytes or
 * objects)`; the oldest files have no version.
 */
export function setArrayState(array: PickledArray, state: unknown, context: Context) {
  const parts = Array.isArray(state) ? state : [];
  const [shape, type, isFortran, content] = parts.length === 5 ? parts.slice(1) : parts;
  if (!Array.isArray(shape) || !(type instanceof PickledDtype)) {
    return context.fail("an array without a shape or a dtype");
  }
  let full: NumpyArray;
  if (Array.isArray(content)) {
    const count = countOf(shape, context.fail);
    if (type.dtype.kind !== "O" || content.length !== count) {
      return context.fail(`an array of shape [${shape}] with ${content.length} objects`);
    }
    context.spend(count);
    // Objects are in row-major order even if the array was not.
    full = new NumpyArray("object", shape, [...content]);
  } else {
    const bytes = bytesOf(content);
    if (bytes === undefined || type.dtype.kind === "O") {
      return context.fail("an array without its bytes");
    }
    context.spend(bytes.length);
    full = decodeNumpy(type.dtype, shape, bytes, Boolean(isFortran), context.fail);
  }
  Object.assign(array, full);
}

/**
 * Completes an element type from its pickled state: `(version, byte order, subtype, names,
 * fields, item size, alignment, flags, metadata)`.
 */
export function setDtypeState(target: PickledDtype, state: unknown, context: Context) {
  if (!Array.isArray(state) || typeof state[1] !== "string") {
    return context.fail("a dtype without details");
  }
  const [, order, sub, names, fields, itemSize, , , metadata] = state;
  const { dtype } = target;
  dtype.order = order === ">" ? ">" : "<";
  if (Array.isArray(sub)) {
    if (!(sub[0] instanceof PickledDtype)) {
      return context.fail("a dtype whose subtype is not a dtype");
    }
    target.dtype = subarray({ ...sub[0].dtype }, sub[1], context.fail);
  } else if (Array.isArray(names)) {
    if (!(fields instanceof Map)) return context.fail("a dtype without fields");
    dtype.fields = fieldsOf(names, fields, itemSize, context);
    dtype.itemSize = itemSize;
  }
  // Dates and time spans have ({}, ("ns", 1, 1, 1)): the unit and its multiple.
  const unit = Array.isArray(metadata) ? metadata.at(-1) : undefined;
  if ("Mm".includes(dtype.kind) && Array.isArray(unit)) {
    const name = unit[0] instanceof Uint8Array
      ? new TextDecoder().decode(unit[0])
      : String(unit[0]);
    dtype.unit = `${unit[1] === 1 ? "" : unit[1]}${name}`;
  }
}

/** The fields of a record, which must not overlap, so that data cannot multiply. */
function fieldsOf(
  names: readonly unknown[],
  fields: ReadonlyMap<unknown, unknown>,
  itemSize: number,
  context: Context,
): NonNullable<Dtype["fields"]> {
  const found = names.map((name) => {
    const field = fields.get(name);
    const [type, offset] = Array.isArray(field) ? field : [];
    if (!(type instanceof PickledDtype) || typeof name !== "string") {
      return context.fail("a dtype without its fields");
    }
    // A copy, as the pickle may still change the type, even make this record its field.
    return { name, dtype: { ...type.dtype }, offset: Number(offset) };
  });
  let end = 0;
  for (const { dtype, offset } of found.toSorted((a, b) => a.offset - b.offset)) {
    if (!(offset >= end && dtype.itemSize > 0)) {
      context.fail("a dtype whose fields overlap");
    }
    end = offset + dtype.itemSize;
  }
  if (!(end <= itemSize)) {
    context.fail(`a dtype of ${itemSize} bytes with fields of ${end} bytes`);
  }
  if (found.some(({ dtype }) => depthOf(dtype) > DEEPEST)) {
    context.fail(`a dtype of records nested deeper than ${DEEPEST}`);
  }
  return found;
}

function depthOf({ fields, sub }: Dtype): number {
  const inner = [...fields ?? [], ...sub ? [sub] : []].map(({ dtype }) => depthOf(dtype));
  return 1 + Math.max(0, ...inner);
}
