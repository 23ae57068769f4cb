/**
 * The file of lines that a job writes, and the record beside it, by which `merge` knows
 * lines of other settings or inputs.
 *
 * @module
 */

import { hashFile, sha256 } from "../../checksum.ts";
import { exists, type FileContent, readFile, writeFileAtomically } from "../../files.ts";
import { type JobShard, shardText } from "../../job_shard.ts";
import { parseJson } from "../../json_value.ts";

/** The format of a record, and its version. */
const FORMAT = "scene-graph-part-1";

/** Ends the name of a job's file. */
export const PART = /\.(\d+)-of-(\d+)(\.\w+)$/;

/** What decides the lines of all jobs. */
export interface LineSettings {
  /** The command, without inputs, output and job. */
  command: string;
  /** Names of the inputs of all jobs. */
  inputs: readonly string[];
}

/** What a record says. */
interface PartRecord {
  part: string;
  command: string;
  /** SHA-256 of the names of all inputs. */
  inputs: string;
  /** SHA-256 of the file of lines. */
  sha256: string;
}

/** The name of a job's file: `graphs.2-of-8.jsonl` for `graphs.jsonl`. */
export function partName(path: string, shard: JobShard | undefined): string {
  if (!shard) return path;
  const part = `.${shard.index}-of-${shard.count}`;
  return /\.\w+$/.test(path) ? path.replace(/\.\w+$/, `${part}$&`) : path + part;
}

/** The name of the record of a job's file. */
export function recordName(path: string): string {
  return `${path}.part.json`;
}

/**
 * Writes the lines of a job, whole or not at all, and their record. Without a job the file
 * has the lines of all inputs, and no record.
 *
 * @param path The file of all jobs.
 * @param shard The job.
 * @param lines The lines.
 * @param settings What decides them.
 */
export async function writePart(
  path: string,
  shard: JobShard | undefined,
  lines: FileContent,
  { command, inputs }: LineSettings,
): Promise<void> {
  const mine = partName(path, shard);
  await writeFileAtomically(mine, lines);
  if (!shard) return;
  const record: PartRecord & { format: string } = {
    ...{ format: FORMAT, part: shardText(shard), command },
    inputs: sha256(JSON.stringify(inputs)),
    sha256: (await hashFile(mine)).sha256,
  };
  await writeFileAtomically(recordName(mine), `${JSON.stringify(record)}\n`);
}

/**
 * Checks that files of lines belong together, as far as records beside them say.
 *
 * @param paths The files of all jobs, in order.
 * @throws {RangeError} If some have a record and others have none, a file is not the one
 * that its record is of, or settings or inputs differ; the message names the files.
 */
export async function checkRecords(paths: readonly string[]): Promise<void> {
  const records = await Promise.all(paths.map(readRecord));
  const [first] = records;
  for (const [i, record] of records.entries()) {
    const refuse = (what: string): never => {
      throw new RangeError(`Cannot merge "${paths[0]}" with "${paths[i]}" as ${what}`);
    };
    if (!record !== !first) {
      const lacking = paths[record ? 0 : i];
      refuse(
        `all parts must have a record of their settings, or none: "${
          recordName(lacking)
        }" is missing; run that job again`,
      );
    }
    if (!record || !first) continue;
    if (record.command !== first.command) {
      refuse(
        `their settings must be the same: found ${JSON.stringify(first.command)} and ${
          JSON.stringify(record.command)
        }; run one of them again`,
      );
    }
    if (record.inputs !== first.inputs) {
      refuse("the inputs of all jobs must be the same: the names differ; run them again");
    }
    const { sha256: found } = await hashFile(paths[i]);
    if (record.sha256 === found && record.part === partOf(paths[i])) continue;
    refuse(
      `"${
        paths[i]
      }" must be the file of its record: that is of part ${record.part} with the SHA-256 ${record.sha256}, found ${found}; run that job again`,
    );
  }
}

/** The job that a name says, such as `2/8`. */
function partOf(path: string): string {
  const [, index, count] = PART.exec(path)!;
  return shardText({ index: Number(index), count: Number(count) });
}

async function readRecord(path: string): Promise<PartRecord | undefined> {
  const name = recordName(path);
  if (!await exists(name)) return undefined;
  const root = parseJson(await readFile(name), `"${name}"`);
  root.at("format").exactly(FORMAT);
  const text = (key: keyof PartRecord) => root.at(key).string();
  return {
    ...{ part: text("part"), command: text("command") },
    ...{ inputs: text("inputs"), sha256: text("sha256") },
  };
}
