/**
 * Tests that write files.
 *
 * @module
 */

/** A test with an empty folder of its own, which is removed at the end. */
export function testInFolder(name: string, run: (folder: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
