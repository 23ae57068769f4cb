/**
 * Writes graphs of operations as ONNX files (https://onnx.ai, operator set 18), with the
 * part of Protocol Buffers that they need.
 *
 * @module
 */

/** Versions of the file format and the operators, known to every runtime since 2023. */
const IR_VERSION = 8, OPSET = 18;

/** ONNX's code for float32. */
export const FLOAT = 1;

/** ONNX's codes for int64 and for integer attributes. */
const INT64 = 7, ATTRIBUTE_INT = 2;

/** An input or output of the graph; an axis whose size is a name may have any size. */
export interface OnnxValue {
  name: string;
  type: "float" | "int64";
  shape: readonly (number | string)[];
}

/** Builds a graph node by node; every method returns the name of its result. */
export class OnnxGraph {
  readonly #nodes: number[][] = [];
  readonly #constants = new Map<string, Uint8Array>();
  #count = 0;

  /** Adds a constant of float32 numbers. */
  floats(name: string, shape: readonly number[], data: Float32Array): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return this.#constant(name, shape, FLOAT, bytes);
  }

  /** Adds a constant list of int64 numbers. */
  integers(...values: number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    const bytes = new Uint8Array(data.buffer);
    return this.#constant(`int64_${values.join("_")}`, [values.length], INT64, bytes);
  }

  /** Applies an operator; attributes are integers. */
  apply(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number>> = {},
    result = `${operator}_${this.#count++}`,
  ): string {
    const node: number[] = [];
    for (const input of inputs) put(node, 1, utf8(input));
    put(node, 2, utf8(result));
    put(node, 4, utf8(operator));
    for (const [name, value] of Object.entries(attributes)) {
      const attribute: number[] = [];
      put(attribute, 1, utf8(name));
      putNumber(attribute, 3, value);
      putNumber(attribute, 20, ATTRIBUTE_INT);
      put(node, 5, attribute);
    }
    this.#nodes.push(node);
    return result;
  }

  /**
   * Encodes the graph as a file.
   *
   * @param inputs The inputs of the graph.
   * @param outputs The outputs of the graph, which are named like the results they return.
   * @param metadata Strings by name, such as the vocabulary.
   * @returns The bytes of the file.
   */
  encode(
    inputs: readonly OnnxValue[],
    outputs: readonly OnnxValue[],
    metadata: Readonly<Record<string, string>> = {},
  ): Uint8Array<ArrayBuffer> {
    const head: number[] = [];
    for (const node of this.#nodes) put(head, 1, node);
    put(head, 2, utf8("scene_graph"));
    const tail: number[] = [];
    for (const value of inputs) put(tail, 11, valueInfo(value));
    for (const value of outputs) put(tail, 12, valueInfo(value));
    // Constants are long, so they are joined as bytes, not as lists of numbers.
    const graph = join([Uint8Array.from(head), ...this.#constants.values(), tail]);
    const model: number[] = [];
    putNumber(model, 1, IR_VERSION);
    put(model, 2, utf8("scene-graph"));
    const opset: number[] = [];
    putNumber(opset, 2, OPSET);
    put(model, 8, opset);
    for (const [key, value] of Object.entries(metadata)) {
      const entry: number[] = [];
      put(entry, 1, utf8(key));
      put(entry, 2, utf8(value));
      put(model, 14, entry);
    }
    return join([model, tagged(7, graph)]);
  }

  #constant(name: string, shape: readonly number[], type: number, data: Uint8Array) {
    if (!this.#constants.has(name)) {
      const tensor: number[] = [];
      for (const size of shape) putNumber(tensor, 1, size);
      putNumber(tensor, 2, type);
      put(tensor, 8, utf8(name));
      this.#constants.set(name, tagged(5, join([tensor, tagged(9, data)])));
    }
    return name;
  }
}

function valueInfo({ name, type, shape }: OnnxValue): number[] {
  const sizes: number[] = [];
  for (const size of shape) {
    const dimension: number[] = [];
    if (typeof size === "number") putNumber(dimension, 1, size);
    else put(dimension, 2, utf8(size));
    put(sizes, 1, dimension);
  }
  const tensor: number[] = [], value: number[] = [], info: number[] = [];
  putNumber(tensor, 1, type === "float" ? FLOAT : INT64);
  put(tensor, 2, sizes);
  put(value, 1, tensor);
  put(info, 1, utf8(name));
  put(info, 2, value);
  return info;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function putVarint(to: number[], value: number): void {
  for (; value >= 0x80; value = Math.floor(value / 0x80)) to.push((value & 0x7f) | 0x80);
  to.push(value);
}

function putNumber(to: number[], field: number, value: number): void {
  putVarint(to, field << 3);
  putVarint(to, value);
}

function put(to: number[], field: number, bytes: ArrayLike<number>): void {
  putVarint(to, field << 3 | 2);
  putVarint(to, bytes.length);
  for (let i = 0; i < bytes.length; i++) to.push(bytes[i]);
}

/** A field of bytes, which are not copied into a list of numbers. */
function tagged(field: number, bytes: Uint8Array): Uint8Array {
  const head: number[] = [];
  putVarint(head, field << 3 | 2);
  putVarint(head, bytes.length);
  return join([head, bytes]);
}

function join(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
