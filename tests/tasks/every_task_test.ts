import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Outcome } from "../_captured.ts";
import { runTogether } from "./_run_together.ts";
import { ROOT } from "./_run_script.ts";

const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)) as {
  tasks: Record<string, { command: string }>;
};

const scripts = Object.entries(tasks).flatMap(([name, { command }]) => {
  const script = command.match(/tasks\/\w+\.ts/)?.[0];
  return script === undefined ? [] : [{ name, script }];
});

let outcomes: Promise<Outcome[]> | undefined;

/** What each task does with two command lines, without any permission. */
function runAll(): Promise<Outcome[]> {
  return outcomes ??= runTogether(
    scripts.flatMap(({ script }) => [
      { script, args: ["--help"] },
      { script, args: ["--sed", "1"] },
    ]),
  );
}

for (const [i, { name }] of scripts.entries()) {
  Deno.test(`${name} prints its help, without any permission`, async () => {
    const { code, stdout, stderr } = (await runAll())[2 * i];
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, `\n\nUsage: deno task ${name} `);
    for (const flag of ["--seed", "--json", "--quiet", "--trace", "--help"]) {
      assertStringIncludes(stdout, `\n  ${flag} `);
    }
    const lines = stdout.split("\n");
    const examples = lines.slice(lines.indexOf("Examples:") + 1).filter((line) => line);
    if (lines.includes("Examples:")) {
      for (const example of examples) {
        assert(example.startsWith(`  deno task ${name}`), example);
      }
    }
  });

  Deno.test(`${name} refuses an unknown flag before any work`, async () => {
    const { code, stdout, stderr } = (await runAll())[2 * i + 1];
    assertEquals([code, stdout], [2, ""]);
    assertEquals(
      stderr,
      `error: Cannot use the flag "--sed": "${name}" does not have it, the nearest is "--seed"\n`,
    );
  });
}
