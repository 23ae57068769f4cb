/**
 * The commands of the documents: those that need no network run as they stand, in a copy
 * of the checkout with a small dataset; all of them name tasks and flags that exist.
 */

import { assert, assertEquals } from "@std/assert";
import { inFolder } from "../_in_folder.ts";
import { copyCheckout, runLine, runWords } from "../tasks/_checkout_copy.ts";
import { ROOT, runScript } from "../tasks/_run_script.ts";
import { runTogether } from "../tasks/_run_together.ts";
import { blocksOf, commandsOf, differenceOf, DOCUMENTS, proseOf } from "./_documents.ts";

const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)) as {
  tasks: Record<string, { command: string }>;
};

const SMALL = "preprocess synthetic --train-images 20 --validation-images 4";

/** Folders into which commands write. */
const WRITTEN = ["checkpoints", "data", "reports"];

Deno.test("commands of documents run, and print what is shown", async (t) => {
  await inFolder(async (folder) => {
    await copyCheckout(folder);
    await runWords(`${SMALL} --test-images 4`, { cwd: folder });
    const kept = WRITTEN.map((name) => `${folder}/${name}`);
    await Deno.mkdir(kept[2]);
    for (const path of kept) await copy(path, `${path}.kept`);
    for (const [path, text] of DOCUMENTS) {
      const commands = blocksOf(text).flatMap(commandsOf);
      const toRun = commands.filter(({ isIgnored }) => !isIgnored);
      if (toRun.length === 0) continue;
      await t.step(path, async () => {
        for (const { text, output } of toRun) {
          const { code, lines } = await run(text, folder);
          assertEquals(code, 0, `${text}\n${lines.join("\n")}`);
          if (output === undefined) continue;
          const wrong = differenceOf(output, lines);
          assertEquals(wrong, undefined, `${text}\nprints\n${lines.join("\n")}`);
        }
      });
      // No document has what another one has made.
      for (const path of kept) {
        await Deno.remove(path, { recursive: true });
        await copy(`${path}.kept`, path);
      }
    }
  });
});

async function copy(from: string, to: string): Promise<void> {
  const { success } = await new Deno.Command("cp", { args: ["-r", from, to] }).output();
  assert(success, from);
}

/** Runs a command: tasks share processes, and others run in a shell. */
function run(command: string, folder: string) {
  const words = /^deno task ([^|<>&;$*\\]+)$/.exec(command)?.[1];
  return words ? runWords(words, { cwd: folder }) : runLine(command, folder);
}

Deno.test("documents: commands name tasks and flags that exist", async () => {
  const found = [...DOCUMENTS].flatMap(([path, text]) => {
    const commands = blocksOf(text).flatMap(commandsOf).map(({ text }) => text);
    const inline = proseOf(text).matchAll(/`(deno task [^`<]+)`/g);
    return [...commands, ...Array.from(inline, ([, text]) => text)].flatMap((command) => {
      const [, task, args] = /deno\S* task (\S+)(.*)/.exec(command) ?? [];
      if (task === undefined) return [];
      const flags = args.matchAll(/--(?:no-)?([a-z][a-z-]*)/g);
      return { path, command, task, flags: Array.from(flags, ([, flag]) => flag) };
    });
  });
  const withFlags = found.filter(({ task, flags }) => flags.length > 0 && task in tasks);
  const known = await knownFlags([...new Set(withFlags.map(({ task }) => task))]);
  const wrong = found.filter(({ task, flags }) =>
    !Object.hasOwn(tasks, task) || !flags.every((flag) => known.get(task)!.has(flag))
  );
  assertEquals(wrong.map(({ path, command }) => `${path}: ${command}`), []);
});

/** The flags that the help of each task lists. */
async function knownFlags(names: readonly string[]): Promise<Map<string, Set<string>>> {
  const scripts = names.map((name) =>
    tasks[name].command.match(/(?:tasks|build|benches)\/\w+\.ts/)![0]
  );
  // Files of `build/` and `benches/` are imported by others, so they run only as programs.
  const together = scripts.filter((script) => script.startsWith("tasks/"));
  const args = ["--help"];
  const outcomes = await runTogether(together.map((script) => ({ script, args })));
  const helps = scripts.map(async (script) =>
    outcomes[together.indexOf(script)] ?? await runScript(script, args)
  );
  const flagsIn = (help: string) =>
    new Set(Array.from(help.matchAll(/^ {2}--([a-z-]+)/gm), ([, flag]) => flag));
  return new Map(
    (await Promise.all(helps)).map(({ stdout }, i) => [names[i], flagsIn(stdout)]),
  );
}

Deno.test("differenceOf() allows gaps, and small differences of numbers", () => {
  assertEquals(differenceOf(["a 0.95", "..."], ["a 0.97", "b", "c"]), undefined);
  assertEquals(differenceOf(["...", "c"], ["a", "b", "c"]), undefined);
  assertEquals(differenceOf(["a 0.95"], ["a 0.98"]), "a 0.95");
  assertEquals(differenceOf(["b"], ["a", "b"]), "b");
  assertEquals(differenceOf(["a"], ["a", "b"]), "the end of the output");
});
