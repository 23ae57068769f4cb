/**
 * The worker of `hdf5.ts`: runs the HDF5 library and answers requests by message.
 *
 * @module
 */

import { Hdf5Dataset, Hdf5File, ready } from "../deps/hdf5.ts";
import { Hdf5Claims } from "./_hdf5_limits.ts";
import type { NamedArray } from "./safetensors.ts";

/** A file and the data sets to read from it. */
export interface Hdf5Request {
  bytes: Uint8Array;
  names: readonly string[];
  optionalNames: readonly string[];
}

/** The answer to a request; a broken worker must not be used again. */
export type Hdf5Reply =
  | { arrays: Record<string, NamedArray> }
  | { error: string; isBroken: boolean };

/** A failure leaves objects open in the library, so a worker ends after this many. */
const MOST_FAILURES = 100;
let requests = 0, failures = 0;

// deno-lint-ignore no-explicit-any -- the types are those of a window, not of a worker
const scope = globalThis as any;
scope.onmessage = async ({ data }: MessageEvent<Hdf5Request | "start">) => {
  const { FS, activate_throwing_error_handler } = await ready;
  // Without this the library prints its errors instead of throwing them.
  activate_throwing_error_handler();
  if (data === "start") return scope.postMessage("ready");
  let reply: Hdf5Reply;
  // A new name each time, as the library would mistake a file that a failure left open
  // for the next file of the same name.
  const path = `/file${requests++}.h5`;
  try {
    FS.writeFile(path, data.bytes);
    reply = { arrays: readAll(path, data) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The library throws plain errors; after a trap or an abort it cannot be used.
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
    if (file.file_id < 0n) {
      throw new Error("it must be an HDF5 file: it is none, or is damaged");
    }
    const present = file.keys();
    const arrays: Record<string, NamedArray> = {};
    const claims = new Hdf5Claims(bytes.length);
    for (const name of [...names, ...optionalNames]) {
      if (!present.includes(name)) {
        if (optionalNames.includes(name)) continue;
        throw new Error(`it has no data set "${name}", only ${present.slice(0, 20)}`);
      }
      const set = file.get(name);
      if (!(set instanceof Hdf5Dataset)) throw new Error(`"${name}" must be a data set`);
      const { shape, size, chunks, total_size } = set.metadata;
      if (shape === null) throw new Error(`"${name}" must have a shape`);
      claims.add(name, size * total_size, chunks !== null);
      arrays[name] = { shape, data: numbersOf(set, name, total_size) };
    }
    return arrays;
  } finally {
    if (file.file_id >= 0n) file.close();
  }
}

function numbersOf(set: Hdf5Dataset, name: string, length: number): NamedArray["data"] {
  // The library returns no value for a data set without elements.
  if (length === 0) return new Int32Array();
  const value = set.value;
  if (!ArrayBuffer.isView(value) || value instanceof DataView) {
    throw new Error(`"${name}" must hold numbers: found ${set.dtype}`);
  }
  return value as NamedArray["data"];
}

/** The innermost reason in the library's trace: the last line that gives one. */
function reasonOf(text: string): string {
  const reasons = [...text.matchAll(/^ *#\d+:.*?\(\): (.*)$/gm)];
  return (reasons.at(-1)?.[1] ?? text).trim().slice(0, 200);
}
