/**
 * Reads numeric arrays of HDF5 files. A damaged file may crash the HDF5 library, a large
 * program in C, or keep it busy for ever. So it runs in a worker with a time limit, which
 * is replaced when it fails.
 *
 * @module
 */

import { looksLike } from "../file_kind.ts";
import type { Hdf5Reply, Hdf5Request } from "./_hdf5_worker.ts";
import type { NamedArray } from "./safetensors.ts";

/** The data sets to read. */
export interface Hdf5Options {
  /** Names of data sets that must exist. */
  names: readonly string[];
  /** Names of data sets that are read if they exist. */
  optionalNames?: readonly string[];
}

/** Time limit: a constant and a part for each byte, far more than a sound file needs. */
const LEAST_MILLISECONDS = 3000, MILLISECONDS_PER_BYTE = 1 / 4000;
/** Time limit for the start of the library, with room for a busy machine. */
const START_MILLISECONDS = 60_000;

/** Reads HDF5 files one after another. */
export class Hdf5Reader {
  #worker?: Promise<Worker>;

  /**
   * Reads data sets of a file.
   *
   * @param bytes The file, which is copied to the worker.
   * @param name Name of the file, for errors.
   * @param options The names of the data sets.
   * @returns The arrays by name; types without a typed array, such as `float16`, are refused.
   * @throws {SyntaxError} If the file is not HDF5, is damaged, or lacks a data set.
   */
  async read(
    bytes: Uint8Array,
    name: string,
    { names, optionalNames = [] }: Hdf5Options,
  ): Promise<Record<string, NamedArray>> {
    const other = looksLike(bytes, "an HDF5 file");
    if (other) throw new SyntaxError(`Cannot read "${name}": ${other}`);
    this.#worker ??= startWorker();
    const worker = await this.#worker;
    const request: Hdf5Request = { bytes, names, optionalNames };
    const limit = LEAST_MILLISECONDS + bytes.length * MILLISECONDS_PER_BYTE;
    const reply = await ask<Hdf5Reply>(worker, request, limit) ??
      {
        error: `reading it takes more than ${Math.ceil(limit / 1000)} s`,
        isBroken: true,
      };
    if ("arrays" in reply) return reply.arrays;
    if (reply.isBroken) this.close();
    throw new SyntaxError(`Cannot read "${name}": ${reply.error}`);
  }

  /** Stops the worker. */
  close(): void {
    this.#worker?.then((worker) => worker.terminate(), () => {});
    this.#worker = undefined;
  }

  /** Stops the worker. */
  [Symbol.dispose](): void {
    this.close();
  }
}

async function startWorker(): Promise<Worker> {
  const worker = new Worker(new URL("./_hdf5_worker.ts", import.meta.url), {
    type: "module",
  });
  const reply = await ask<"ready">(worker, "start", START_MILLISECONDS);
  if (reply === "ready") return worker;
  worker.terminate();
  throw new Error(
    `Cannot start the HDF5 library: its worker must answer within ${
      START_MILLISECONDS / 1000
    } s; run it again`,
  );
}

/** Sends a message and waits for the answer; resolves to `undefined` after the limit. */
function ask<Reply>(
  worker: Worker,
  message: unknown,
  milliseconds: number,
): Promise<Reply | undefined> {
  return new Promise((resolve, reject) => {
    const done = () => clearTimeout(timer);
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    worker.onmessage = ({ data }) => {
      done();
      resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      done();
      reject(new Error(`Cannot start the HDF5 library: ${event.message}`));
    };
    worker.postMessage(message);
  });
}
