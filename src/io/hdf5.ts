/**
 * Numeric arrays of HDF5 files, for reading only. The HDF5 library is a large program in C
 * that a damaged file may crash or keep busy for ever, so it runs in a worker of its own,
 * which is stopped when its time is up and thrown away when it fails.
 *
 * @module
 */

import type { Hdf5Reply, Hdf5Request } from "./_hdf5_worker.ts";
import type { NamedArray } from "./safetensors.ts";

/** What to read. */
export interface Hdf5Options {
  /** Data sets that must be there. */
  names: readonly string[];
  /** Data sets that are read if they are there. */
  optionalNames?: readonly string[];
}

/** Time that any file may take, and more for each byte: far more than a sound one needs. */
const LEAST_MILLISECONDS = 3000, MILLISECONDS_PER_BYTE = 1 / 4000;
/** Time for the library to start, on a machine with other things to do. */
const START_MILLISECONDS = 60_000;

/** Reads HDF5 files one after another. */
export class Hdf5Reader {
  #worker?: Promise<Worker>;

  /**
   * Reads data sets of a file.
   *
   * @param bytes The file; its memory is given to the worker if that is possible.
   * @param name Its name, for errors.
   * @param options Which data sets.
   * @returns The arrays by name; `float16` and others that JavaScript lacks are refused.
   * @throws {SyntaxError} If it is no HDF5 file, is damaged, or lacks a data set.
   */
  async read(
    bytes: Uint8Array,
    name: string,
    { names, optionalNames = [] }: Hdf5Options,
  ): Promise<Record<string, NamedArray>> {
    this.#worker ??= startWorker();
    const worker = await this.#worker;
    const request: Hdf5Request = { bytes, names, optionalNames };
    const limit = LEAST_MILLISECONDS + bytes.length * MILLISECONDS_PER_BYTE;
    const reply = await ask<Hdf5Reply>(worker, request, limit) ??
      { error: `it is not read after ${Math.ceil(limit / 1000)} s`, isBroken: true };
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
  throw new Error("Cannot start the HDF5 library: its worker does not answer");
}

/** Sends a message and waits for the answer; `undefined` if there is none in time. */
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
