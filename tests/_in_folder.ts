/**
 * Defines tests that write files.
 *
 * @module
 */

/** Gives `run` an empty folder, which is removed at the end. */
export async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
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
  run: (folder: string) => Promise<void>,
  options: Pick<Deno.TestDefinition, "ignore"> = {},
): void {
  Deno.test(name, options, () => inFolder(run));
}
