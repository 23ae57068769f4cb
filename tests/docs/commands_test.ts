/**
 * The commands of the documents: those that need no network run as they stand, in a copy
 * of the checkout with a small dataset; all of them name tasks and flags that exist.
 */

import { assertEquals } from "@std/assert";
import { copyCheckout, runLine } from "../tasks/_checkout_copy.ts";
import { ROOT, runScript } from "../tasks/_run_script.ts";
import { blocksOf, commandsOf, differenceOf, DOCUMENTS, proseOf } from "./_documents.ts";

const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)) as {
  tasks: Record<string, { command: string }>;
};

const SMALL =
  "deno task preprocess synthetic --train-images 20 --validation-images 4 --test-images 4";

for (const [path, text] of DOCUMENTS) {
  const commands = blocksOf(text).flatMap(commandsOf);
  const toRun = commands.filter(({ isIgnored }) => !isIgnored);
  if (toRun.length === 0) continue;

  Deno.test(`${path}: commands run, and print what is shown`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await copyCheckout(folder);
      await runLine(SMALL, folder);
      for (const { text, output } of toRun) {
        const { code, lines } = await runLine(text, folder);
        assertEquals(code, 0, `${text}\n${lines.join("\n")}`);
        if (output === undefined) continue;
        const wrong = differenceOf(output, lines);
        assertEquals(wrong, undefined, `${text}\nprints\n${lines.join("\n")}`);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("documents: commands name tasks and flags that exist", async () => {
  const wrong: string[] = [];
  const flagsOf = new Map<string, Set<string>>();
  for (const [path, text] of DOCUMENTS) {
    const commands = blocksOf(text).flatMap(commandsOf).map(({ text }) => text);
    const inline = proseOf(text).matchAll(/`(deno task [^`<]+)`/g);
    for (const command of [...commands, ...Array.from(inline, ([, text]) => text)]) {
      const [, task, args] = /deno\S* task (\S+)(.*)/.exec(command) ?? [];
      if (task === undefined) continue;
      const flags = Array.from(
        args.matchAll(/--(?:no-)?([a-z][a-z-]*)/g),
        ([, flag]) => flag,
      );
      if (Object.hasOwn(tasks, task) && flags.length > 0 && !flagsOf.has(task)) {
        flagsOf.set(task, await knownFlags(tasks[task].command));
      }
      const isRight = Object.hasOwn(tasks, task) &&
        flags.every((flag) => flagsOf.get(task)!.has(flag));
      if (!isRight) wrong.push(`${path}: ${command}`);
    }
  }
  assertEquals(wrong, []);
});

/** The flags that the help of a task lists. */
async function knownFlags(command: string): Promise<Set<string>> {
  const [script] = command.match(/(?:tasks|build)\/\w+\.ts/)!;
  const { stdout } = await runScript(script, ["--help"]);
  return new Set(Array.from(stdout.matchAll(/^ {2}--([a-z-]+)/gm), ([, flag]) => flag));
}

Deno.test("differenceOf() allows gaps, and small differences of numbers", () => {
  assertEquals(differenceOf(["a 0.95", "..."], ["a 0.97", "b", "c"]), undefined);
  assertEquals(differenceOf(["...", "c"], ["a", "b", "c"]), undefined);
  assertEquals(differenceOf(["a 0.95"], ["a 0.98"]), "a 0.95");
  assertEquals(differenceOf(["b"], ["a", "b"]), "b");
  assertEquals(differenceOf(["a"], ["a", "b"]), "the end of the output");
});
