/**
 * Runs a task in this process: what it prints and its exit code are those of a process of
 * its own.
 *
 * @module
 */

import { format } from "node:util";

/** The outcome of a task. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** The outcome of a task that ran in this process. */
export interface CapturedOutcome extends Outcome {
  /** Both streams, as a terminal shows them. */
  shown: string;
}

/** Ends a task as `Deno.exit()` ends a process. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/**
 * Runs a task to its end. From the first call on, this process cannot print by `console`
 * nor end by `Deno.exit()`.
 *
 * @param args Its command line.
 * @param load Imports its file, which runs it.
 */
export async function captured(
  args: readonly string[],
  load: () => Promise<unknown>,
): Promise<CapturedOutcome> {
  const printed = { stdout: "", stderr: "", shown: "" };
  const printTo = (stream: "stdout" | "stderr") => (...values: unknown[]) => {
    const text = format(...values) + "\n";
    printed[stream] += text;
    printed.shown += text;
  };
  console.log = console.info = printTo("stdout");
  console.error = console.warn = printTo("stderr");
  Deno.exit = (code = 0): never => {
    throw new Exit(code);
  };
  Object.defineProperty(Deno, "args", { value: args, configurable: true });
  let code = 0;
  try {
    await load();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    code = error.code;
  }
  return { code, ...printed };
}

/** Prints a value as a line of JSON on the real stdout. */
export function printJson(value: unknown): void {
  let left = new TextEncoder().encode(JSON.stringify(value) + "\n");
  while (left.length > 0) left = left.subarray(Deno.stdout.writeSync(left));
}
