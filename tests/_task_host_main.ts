/**
 * Runs tasks in one process, one after another: reads a line `{"script", "args"}` for each
 * from stdin and answers with a line `{"code", "stdout", "stderr"}`.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { captured, printJson } from "./_captured.ts";
import type { Run } from "./_task_host.ts";

let runs = 0, rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop()!;
  for (const line of lines) {
    const { script, args }: Run = JSON.parse(line);
    // A new address runs the task's own file again, on modules that are loaded.
    const load = () => import(`${pathToFileURL(script)}?run=${runs++}`);
    printJson(await captured(args, load));
  }
}
