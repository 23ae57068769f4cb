import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT, runScript } from "./_run_script.ts";

const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)) as {
  tasks: Record<string, { command: string }>;
};

for (const [name, { command }] of Object.entries(tasks)) {
  const script = command.match(/tasks\/\w+\.ts/)?.[0];
  if (script === undefined) continue;

  Deno.test(`${name} prints its help, without any permission`, async () => {
    const { code, stdout, stderr } = await runScript(script, ["--help"]);
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
    const { code, stdout, stderr } = await runScript(script, ["--sed", "1"]);
    assertEquals([code, stdout], [2, ""]);
    assertEquals(
      stderr,
      `error: Cannot use the flag "--sed": "${name}" does not have it, the nearest is "--seed"\n`,
    );
  });
}
