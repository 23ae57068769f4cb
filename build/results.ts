/**
 * Runs the commands whose numbers the documents show, and keeps what they print in
 * `docs/results/<name>.jsonl`. A file that exists is not made again: delete it first.
 *
 * @module
 */

import { cpus } from "node:os";
import { exists, writeFileAtomically } from "../src/files.ts";
import { nearestName } from "../src/nearest.ts";
import { UsageError } from "../tasks/_cli/flags/flags.ts";
import { runTask } from "../tasks/_cli/run.ts";
import { resultPath, RESULTS, type ResultSpec } from "./result_specs.ts";

if (import.meta.main) {
  await runTask({
    name: "build:results",
    summary:
      `Run the commands whose numbers the documents show, one after another, and keep
what they print in docs/results/<name>.jsonl. A file that exists is not made again.
"build:numbers" then puts the numbers into the documents.

${RESULTS.map(({ name, takes }) => `  ${name.padEnd(20)}${takes}`).join("\n")}`,
    positionals: { name: { default: "all", help: "Which of them" } },
    examples: ["build:results world", "build:results"],
  }, async ({ name, json }) => {
    const wanted = name === "all" ? RESULTS : [findSpec(name)];
    for (const spec of wanted) {
      const path = resultPath(spec.name), isThere = await exists(path);
      if (!isThere) await writeFileAtomically(path, await resultLines(spec, runDeno));
      console.log(
        json
          ? JSON.stringify({ name: spec.name, path, made: !isThere })
          : `${path}${isThere ? ", made before" : ""}`,
      );
    }
  });
}

/** Runs `deno task <words>` and returns what it prints. */
export type RunTask = (words: readonly string[]) => Promise<string>;

/**
 * The lines of one file.
 *
 * @param spec The commands.
 * @param run Runs one of them.
 * @returns Every line that the commands print, with the command as its first field; of
 * timings also the number of the run and the processor.
 */
export async function resultLines(
  { needs = [], prints, runs }: ResultSpec,
  run: RunTask,
): Promise<string> {
  for (const command of needs) await run(command.split(" "));
  const lines: string[] = [];
  for (let i = 1; i <= (runs ?? 1); i++) {
    const place = runs === undefined ? {} : { run: i, processor: processorName() };
    for (const command of prints) {
      const stdout = await run([...command.split(" "), "--json"]);
      for (const line of stdout.trim().split("\n")) {
        const fields = { command: `deno task ${command}`, ...place, ...JSON.parse(line) };
        lines.push(JSON.stringify(fields) + "\n");
      }
    }
  }
  return lines.join("");
}

function findSpec(name: string): ResultSpec {
  const names = RESULTS.map((spec) => spec.name);
  const found = RESULTS.find((spec) => spec.name === name);
  if (found) return found;
  throw new UsageError(
    `Cannot find the results "${name}": the nearest is "${nearestName(name, names)}"`,
  );
}

/** Such as `Intel(R) Xeon(R) Platinum 8488C, 2 cores`. */
function processorName(): string {
  const cores = cpus();
  return `${cores[0]?.model ?? "unknown"}, ${cores.length} cores`;
}

async function runDeno(words: readonly string[]): Promise<string> {
  console.error(`deno task ${words.join(" ")}`);
  const { success, stdout } = await new Deno.Command("deno", {
    args: ["task", "--quiet", ...words],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot continue: "deno task ${words.join(" ")}" failed`);
  return new TextDecoder().decode(stdout);
}
