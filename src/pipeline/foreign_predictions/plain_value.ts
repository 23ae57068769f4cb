/**
 * Values of Python as JSON has them.
 *
 * @module
 */

import { NumpyArray } from "../../io/pickle/pickle.ts";
import { TorchTensor } from "../../io/pickle/torch_legacy.ts";

/** A value of Python as JSON has it: arrays become lists in lists, dicts objects. */
export function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) {
    return Object.fromEntries(
      [...value].map(([key, item]) => [String(key), plain(item)]),
    );
  }
  if (value instanceof NumpyArray || value instanceof TorchTensor) {
    return nested(value, 0, 0).value;
  }
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
}

function nested(
  { shape, data }: Pick<NumpyArray | TorchTensor, "shape" | "data">,
  axis: number,
  at: number,
): { value: unknown; next: number } {
  if (axis === shape.length) return { value: plain(data[at]), next: at + 1 };
  const list: unknown[] = [];
  let next = at;
  for (let i = 0; i < shape[axis]; i++) {
    const item = nested({ shape, data }, axis + 1, next);
    list.push(item.value);
    next = item.next;
  }
  return { value: list, next };
}
