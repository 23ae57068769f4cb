import { fileURLToPath } from "node:url";
import { assertEquals, assertRejects } from "@std/assert";
import { startQuietly } from "../../src/kernels/quiet_start.ts";
import { testInFolder } from "../_in_folder.ts";

const PROGRAM = `
import { SceneGraphPredictor } from "${new URL("../../mod.ts", import.meta.url)}";
import { smallCheckpointBytes } from "${new URL("../_samples.ts", import.meta.url)}";
try {
  await SceneGraphPredictor.load(smallCheckpointBytes(), { backend: "wasm" });
} catch (error) {
  console.error(error.message);
}
`;

testInFolder(
  "a program without --allow-read gets one line, which says it",
  async (folder) => {
    await Deno.writeTextFile(`${folder}/program.ts`, PROGRAM);
    const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--config", config, `${folder}/program.ts`],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    assertEquals(
      new TextDecoder().decode(stderr),
      'Cannot start the "wasm" backend: grant --allow-read, it loads a .wasm file\n',
    );
  },
);

Deno.test("startQuietly() writes what others write, and gives the console back", async () => {
  const { error, warn } = console, seen: string[] = [];
  console.error = (text: string) => void seen.push(text);
  try {
    const mine = console.error;
    await assertRejects(
      () =>
        startQuietly(() => {
          console.error("Aborted(no permission)");
          console.warn("failed to asynchronously prepare wasm: no permission");
          console.error("of the host");
          return Promise.reject(new Error("no permission"));
        }),
      Error,
      "no permission",
    );
    assertEquals([seen, console.error === mine], [["of the host"], true]);
    // A function that the host sets meanwhile stays.
    const other = () => {};
    await startQuietly(() => Promise.resolve(void (console.error = other)));
    assertEquals([console.error === other, console.warn === warn], [true, true]);
  } finally {
    Object.assign(console, { error, warn });
  }
});
