/**
 * Runs tasks without any permission, all in one process.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { inFolder } from "../_in_folder.ts";
import type { Outcome } from "../_captured.ts";
import { ROOT, runScript } from "./_run_script.ts";
import type { Run } from "../_task_host.ts";

/**
 * Runs tasks one after another without permissions.
 *
 * @param runs Files from the root of the checkout, and arguments.
 * @returns What each printed, and its exit code.
 */
export async function runTogether(runs: readonly Run[]): Promise<Outcome[]> {
  return await inFolder(async (folder) => {
    const url = (path: string) => pathToFileURL(`${ROOT}${path}`).href;
    // Addresses that stand in a program need no permission.
    const program = [
      `import { captured, printJson } from "${url("tests/_captured.ts")}";`,
      ...runs.map(({ script, args }, i) =>
        `printJson(await captured(${JSON.stringify(args)}, () => import("${
          url(script)
        }?run=${i}")));`
      ),
    ].join("\n");
    await Deno.writeTextFile(`${folder}/together.ts`, program);
    const { code, stdout, stderr } = await runScript(`${folder}/together.ts`);
    if (code !== 0) throw new Error(`Cannot run the tasks: ${stderr}`);
    return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  });
}
