/**
 * The HDF5 library behind messages; see `hdf5.ts`.
 *
 * @module
 */

import { Hdf5Dataset, Hdf5File, ready } from "../deps/hdf5.ts";
import type { NamedArray } from "./safetensors.ts";

/** A file and which of its data sets to read. */
export interface Hdf5Request {
  bytes: Uint8Array;
  names: readonly string[];
  optionalNames: readonly string[];
}

/** What came of it; a broken worker must not be used again. */
export type Hdf5Reply =
  | { arrays: Record<string, NamedArray> }
  | { error: string; isBroken: boolean };

/** Nothing is packed tighter than deflate can, and nothing that we read is larger. */
const MOST_GROWTH = 1032, MOST_BYTES = 2 ** 28;
/** A failure leaves things open in the library: after so many, begin anew. */
const MOST_FAILURES = 100;
let requests = 0, failures = 0;

// deno-lint-ignore no-explicit-any -- the types of a window are not those of a worker
const scope = globalThis as any;
scope.onmessage = async ({ data }: MessageEvent<Hdf5Request | "start">) => {
  const { FS, activate_throwing_error_handler } = await ready;
  // Else the library prints its errors instead of throwing them.
  activate_throwing_error_handler();
  if (data === "start") return scope.postMessage("ready");
  let reply: Hdf5Reply;
  // A new name each time: the library would take a file that a failure left open, and
  // what it remembers of it, for the next one of that name.
  const path = `/file${requests++}.h5`;
  try {
    FS.writeFile(path, data.bytes);
    reply = { arrays: readAll(path, data) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Errors of the library are plain ones; a trap or an abort leaves it in ruins.
    const isBroken = !(error instanceof Error) ||
      error instanceof WebAssembly.RuntimeError || ++failures >= MOST_FAILURES;
    reply = { error: reasonOf(message), isBroken };
  }
  FS.unlink(path);
  scope.postMessage(reply);
};

function readAll(path: string, { bytes, names, optionalNames }: Hdf5Request) {
  const file = new Hdf5File(path, "r");
  try {
    if (file.file_id < 0n) throw new Error("it is no HDF5 file, or damaged");
    const present = file.keys();
    const arrays: Record<string, NamedArray> = {};
    let total = 0;
    for (const name of [...names, ...optionalNames]) {
      if (!present.includes(name)) {
        if (optionalNames.includes(name)) continue;
        throw new Error(`it has no data set "${name}", only ${present.slice(0, 20)}`);
      }
      const set = file.get(name);
      if (!(set instanceof Hdf5Dataset)) throw new Error(`"${name}" is no data set`);
      const { shape, size, chunks, total_size } = set.metadata;
      if (shape === null) throw new Error(`"${name}" has no shape`);
      const claimed = size * total_size;
      total += claimed;
      const most = Math.min(
        bytes.length * (chunks === null ? 1 : MOST_GROWTH),
        MOST_BYTES,
      );
      if (!(total <= most)) {
        throw new Error(
          `"${name}" claims ${claimed} bytes, its file has ${bytes.length}`,
        );
      }
      arrays[name] = { shape, data: numbersOf(set, name, total_size) };
    }
    return arrays;
  } finally {
    if (file.file_id >= 0n) file.close();
  }
}

function numbersOf(set: Hdf5Dataset, name: string, length: number): NamedArray["data"] {
  // The library has no value for a data set without elements.
  if (length === 0) return new Int32Array();
  const value = set.value;
  if (!ArrayBuffer.isView(value) || value instanceof DataView) {
    throw new Error(`"${name}" holds no numbers but ${set.dtype}`);
  }
  return value as NamedArray["data"];
}

/** The innermost of the library's reasons: the last line of its trace that has one. */
function reasonOf(text: string): string {
  const reasons = [...text.matchAll(/^ *#\d+:.*?\(\): (.*)$/gm)];
  return (reasons.at(-1)?.[1] ?? text).trim().slice(0, 200);
}
