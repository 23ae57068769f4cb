/**
 * Joins the files of lines that jobs wrote, such as detections and predictions as JSONL.
 * The name of a file says which job wrote it: `graphs.2-of-8.jsonl`.
 *
 * @module
 */

import { fileNameOf, isWebAddress, lastName } from "../../address.ts";
import { readChunks, writeFileAtomically } from "../../files.ts";
import { shardText } from "../../job_shard.ts";
import type { Listener } from "../listener.ts";
import { checkRecords, PART, recordName } from "./part_lines.ts";
import { fileBeside, localFile } from "../remote_files.ts";

/** Whether a path or an address is that of a job's file of lines. */
export function isPart(source: string): boolean {
  const name = isWebAddress(source) ? fileNameOf(source) : source;
  return PART.test(name) && !/\.safetensors$/.test(name);
}

/** The path of a job's file; one at an address is fetched, with its record. */
export async function localPart(source: string, listener: Listener): Promise<string> {
  const path = await localFile(source, listener);
  if (isWebAddress(source)) {
    const record = recordName(path);
    await fileBeside(source, lastName(record), record);
  }
  return path;
}

/** A line of settings, which each file may begin with: it is kept once. */
const HEADER = /^\{[^\n]*"format"\s*:[^\n]*\n/;

/** Settings are in the first bytes. */
const LONGEST_HEADER = 1 << 16;

/**
 * Writes the lines of all jobs into one file, in the order of the jobs: the bytes that one
 * process would have written.
 *
 * @param paths The files, in any order.
 * @param out The file to write.
 * @returns Number of jobs.
 * @throws {RangeError} If a job is missing or there twice, or its record or first line has
 * other settings; the message names the job and the file.
 */
export async function mergeLines(
  paths: readonly string[],
  out: string,
): Promise<number> {
  const parts = new Map<number, string>();
  let count = 0, stem = "";
  for (const path of paths) {
    const [, index, of] = PART.exec(path) ?? [];
    if (index === undefined) {
      throw new RangeError(
        `Cannot merge "${path}" as its name must say which part it is, such as graphs.2-of-8.jsonl`,
      );
    }
    const name = lastName(path).replace(PART, "$3");
    const mine = lastName(path).replace(PART, "");
    if (parts.size === 0) [count, stem] = [Number(of), mine + name];
    if (Number(of) !== count || mine + name !== stem) {
      throw new RangeError(
        `Cannot merge "${path}" with "${
          paths[0]
        }" as they must be parts of one file: their names differ`,
      );
    }
    const twice = parts.get(Number(index));
    if (twice !== undefined) {
      throw new RangeError(
        `Cannot merge "${twice}" with "${path}" as each part must be there once; leave one of them out`,
      );
    }
    parts.set(Number(index), path);
  }
  const all = Array.from({ length: count }, (_, i) => i + 1);
  const missing = all.filter((index) => !parts.has(index));
  if (missing.length > 0) {
    throw new RangeError(
      `Cannot merge "${stem}" as all ${count} parts must be there: missing ${
        missing.slice(0, 10).map((index) => shardText({ index, count })).join(", ")
      }; run these jobs`,
    );
  }
  const inOrder = all.map((index) => parts.get(index)!);
  await checkRecords(inOrder);
  await writeFileAtomically(out, linesOf(inOrder));
  return count;
}

async function* linesOf(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  let header: string | undefined;
  for (const path of paths) {
    const found = await headerOf(path);
    header ??= found;
    if (found !== header) {
      throw new RangeError(
        `Cannot merge "${path}" with "${
          paths[0]
        }" as their first lines must be the same: found ${
          JSON.stringify(found.trimEnd())
        } and ${JSON.stringify(header.trimEnd())}`,
      );
    }
    let skip = path === paths[0] ? 0 : new TextEncoder().encode(found).length;
    let last = 0x0a;
    for await (const chunk of readChunks(path)) {
      const rest = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - rest.length;
      if (rest.length === 0) continue;
      last = rest[rest.length - 1];
      yield rest;
    }
    if (last !== 0x0a) yield Uint8Array.of(0x0a);
  }
}

/** The line of settings that a file begins with; empty if it has none. */
async function headerOf(path: string): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of readChunks(path)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n") || text.length > LONGEST_HEADER) break;
  }
  return HEADER.exec(text)?.[0] ?? "";
}
