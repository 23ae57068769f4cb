/**
 * The entries of a tar archive, plain or compressed by gzip.
 *
 * @module
 */

import { type TarStreamEntry, UntarStream } from "@std/tar";
import type { OpenFile } from "../files.ts";
import { type Guard, type RawEntry, unreadable } from "./_guard.ts";

/** Size of one read in bytes. */
const BLOCK = 256 * 1024;

/** Refused kinds of entries, by their type in the header. */
const REFUSED: Record<string, string> = {
  "1": "a link",
  "2": "a link",
  "3": "a device",
  "4": "a device",
  "6": "a device",
};

/**
 * Reads the entries of a tar archive in their order.
 *
 * @throws {SyntaxError} If the archive is damaged.
 * @throws {RangeError} If it holds a link or device, or exceeds the limits of the guard.
 */
export async function* readTar(
  archive: OpenFile,
  guard: Guard,
): AsyncGenerator<RawEntry, void> {
  const [first, second] = await archive.read(0, 2);
  const isPacked = first === 0x1f && second === 0x8b;
  let [taken, given] = [0, 0];
  let bytes = streamOf(archive, (length) => taken += length);
  if (isPacked) {
    const unpacked = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        given += chunk.length;
        guard.checkRatio(given, taken);
        controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
      },
    });
    bytes = bytes.pipeThrough(new DecompressionStream("gzip")).pipeThrough(unpacked);
  }
  const entries = bytes.pipeThrough(new UntarStream()).getReader();
  try {
    for (;;) {
      const { done, value: entry } = await entries.read()
        .catch((error) => fail(archive, error));
      if (done) return;
      const { header: { typeflag, size }, path, readable } = entry;
      if (REFUSED[typeflag]) guard.refuse(`"${path}" is ${REFUSED[typeflag]}`);
      const isFolder = typeflag === "5";
      yield { path, bytes: size, isFolder, body: () => readEntry(archive, entry) };
      if (readable && !readable.locked) await readable.cancel();
    }
  } finally {
    await entries.cancel().catch(() => {});
  }
}

function fail(archive: OpenFile, error: unknown): never {
  if (error instanceof RangeError) throw error; // from the guard
  throw unreadable(archive.name, (error as Error).message, error);
}

async function* readEntry(
  archive: OpenFile,
  entry: TarStreamEntry,
): AsyncGenerator<Uint8Array, void> {
  const reader = entry.readable?.getReader();
  try {
    for (;;) {
      const { done, value } = await reader?.read() ?? { done: true, value: undefined };
      if (done) return;
      yield value;
    }
  } catch (error) {
    fail(archive, error);
  } finally {
    await reader?.cancel().catch(() => {});
  }
}

function streamOf(
  archive: OpenFile,
  onRead: (length: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let place = 0;
  return new ReadableStream({
    async pull(controller) {
      const chunk = await archive.read(place, BLOCK);
      if (chunk.length === 0) return controller.close();
      place += chunk.length;
      onRead(chunk.length);
      controller.enqueue(chunk);
    },
  }, { highWaterMark: 0 });
}
