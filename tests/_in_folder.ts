/**
 * Defines tests that write files.
 *
 * @module
 */

import { endTasks } from "./_task_host.ts";

/** Gives `run` an empty folder, which is removed at the end, when its tasks have ended. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await run(folder);
  } finally {
    await endTasks();
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Registers a test that gets an empty folder, which is removed at the end.
 *
 * @param name Name of the test.
 * @param run The test.
 * @param options Whether to ignore the test.
 */
export function testInFolder(
  name: string,
  run: (folder: string, t: Deno.TestContext) => Promise<void>,
  options: Pick<Deno.TestDefinition, "ignore"> = {},
): void {
  Deno.test(name, options, (t) => inFolder((folder) => run(folder, t)));
}
