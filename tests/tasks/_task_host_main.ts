/**
 * Runs tasks in one process, one after another: reads a line `{"script", "args"}` for each
 * from stdin and answers with a line `{"code", "stdout", "stderr"}`. What a task prints and
 * its exit code are those of a process of its own.
 *
 * @module
 */

import { format } from "node:util";
import { pathToFileURL } from "node:url";
import type { Outcome, Run } from "./_task_host.ts";

/** Ends a task as `Deno.exit()` ends a process. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** What a task prints. */
const printed: Pick<Outcome, "stdout" | "stderr"> = { stdout: "", stderr: "" };
const printTo = (stream: keyof typeof printed) => (...values: unknown[]) => {
  printed[stream] += format(...values) + "\n";
};
console.log = console.info = printTo("stdout");
console.error = console.warn = printTo("stderr");
Deno.exit = (code = 0): never => {
  throw new Exit(code);
};

let runs = 0;

/** Runs one task to its end. */
async function run({ script, args }: Run): Promise<Outcome> {
  Object.assign(printed, { stdout: "", stderr: "" });
  Object.defineProperty(Deno, "args", { value: args, configurable: true });
  let code = 0;
  try {
    // A new address runs the task's own file again, on modules that are loaded.
    await import(`${pathToFileURL(script)}?run=${runs++}`);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    code = error.code;
  }
  return { code, ...printed };
}

const bytes = new TextEncoder();
let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop()!;
  for (const line of lines) {
    const outcome = JSON.stringify(await run(JSON.parse(line))) + "\n";
    for (let left = bytes.encode(outcome); left.length > 0;) {
      left = left.subarray(Deno.stdout.writeSync(left));
    }
  }
}
