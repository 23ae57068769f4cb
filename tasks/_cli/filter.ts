/**
 * A task as a filter: one line of JSON for each line of its input, in the same order, and
 * nothing else on stdout, as GNU parallel and Spark's `pipe` want it.
 *
 * @module
 */

import { lastName, withoutSecrets } from "../../src/address.ts";
import { byteLines } from "../../src/byte_lines.ts";
import { isBlank } from "../../src/json_lines.ts";
import type { JobShard } from "../../src/job_shard.ts";
import { readLines } from "../../src/pipeline/parts/line_files.ts";
import { writePart } from "../../src/pipeline/parts/part_lines.ts";
import { escapeControls } from "../../src/show_value.ts";
import { UsageError } from "./flags/flags.ts";
import { progressBar } from "./progress.ts";
import { errorLine } from "./run.ts";
import { causeOf, isTransient } from "./transient.ts";

/** Stands for stdin. */
const STDIN = "-";

/** Characters of a line that the answer to a broken one repeats. */
const SHOWN = 200;

/** How a filter runs. */
export interface FilterOptions {
  /** Name of the task. */
  task: string;
  /** The command, for the record of a part; see `lineCommand()`. */
  command: string;
  /** The files of lines, addresses, or `-`. */
  files: readonly string[];
  /** Takes a part of each file's bytes. */
  shard?: JobShard;
  /** File for the answers; default: stdout. */
  out?: string;
  quiet: boolean;
}

/**
 * Answers each line that is not blank. A line that cannot be answered is answered by `{
 * error, input }`, which names it, and said on stderr; the others go on.
 *
 * @param options What to read, and where to write.
 * @param answer Gives the answer to a line, as text without a line break; `undefined` for a
 * line that wants none.
 * @throws {Error} At the end, if answers failed in a way that may pass, so that it is worth
 * running the job again; `out` is then not written.
 */
export async function runFilter(
  options: FilterOptions,
  answer: (line: Uint8Array) => Promise<string | undefined>,
): Promise<void> {
  const { task, command, files, shard, out, quiet } = options;
  if (shard && files.includes(STDIN)) {
    throw new UsageError(
      `Cannot use --shard with "-" as a stream has no parts: let the engine divide it, as GNU parallel does with --pipe, or give a file`,
    );
  }
  // Logs of engines keep stderr, so only people get progress.
  const isSeen = Deno.stderr.isTerminal() && !Deno.stdout.isTerminal() && !quiet;
  const bar = progressBar(task, "lines", { quiet: !isSeen });
  const errors: unknown[] = [];
  let number = 0, answered = 0;
  async function* answers(): AsyncGenerator<string> {
    for (const file of files) {
      for await (const line of linesOf(file, shard)) {
        number++;
        if (isBlank(line)) continue;
        const found = await answer(line).catch((error) => broken(error, line));
        bar.update(++answered, answered);
        if (found !== undefined) yield `${found}\n`;
      }
    }
  }
  function broken(error: unknown, line: Uint8Array) {
    errors.push(error);
    const message = errorLine(error, task);
    console.error(`error: line ${number}: ${message}`);
    const text = withoutSecrets(new TextDecoder().decode(line).trim());
    const input = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    return JSON.stringify({ error: message, input });
  }
  try {
    if (out === undefined) {
      for await (const text of answers()) console.log(text.trimEnd());
      throwTransient();
    } else {
      const inputs = files.map((file) => withoutSecrets(lastName(file)));
      const lines = encoded(answers(), throwTransient);
      await writePart(out, shard, lines, { command, inputs });
    }
  } finally {
    if (answered > 0) bar.done();
  }

  function throwTransient(): void {
    if (errors.length > 0) {
      const what = `${errors.length} of ${answered} lines are answered by an error`;
      console.error(`warning: ${escapeControls(what)}`);
    }
    const passing = errors.filter(isTransient);
    if (passing.length === 0) return;
    throw new Error(
      `Cannot answer ${passing.length} of ${answered} lines now, as said above: their failure may pass; run it again`,
      { cause: causeOf(passing) },
    );
  }
}

function linesOf(file: string, shard?: JobShard): AsyncIterable<Uint8Array> {
  return file === STDIN ? byteLines(Deno.stdin.readable) : readLines(file, shard);
}

async function* encoded(
  texts: AsyncIterable<string>,
  atEnd: () => void,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
  atEnd();
}
