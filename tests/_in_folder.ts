/**
 * Tests that write files.
 *
 * @module
 */

/**
 * A test with an empty folder of its own, which is removed at the end.
 *
 * @param name What holds.
 * @param run The test.
 * @param options Where the test does not apply.
 */
export function testInFolder(
  name: string,
  run: (folder: string) => Promise<void>,
  options: Pick<Deno.TestDefinition, "ignore"> = {},
): void {
  Deno.test(name, options, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
