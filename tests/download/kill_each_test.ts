import { assert, assertEquals } from "@std/assert";
import { listFiles } from "../../src/files.ts";
import { testInFolder } from "../_in_folder.ts";
import { killAtEach } from "../_kill_at.ts";
import { downloadBoth } from "./_killed_download.ts";

/**
 * The record without the times of the files and where they came from: of a file that was
 * whole when the program was killed, only its place is known.
 */
async function recordIn(folder: string): Promise<string> {
  const text = await Deno.readTextFile(`${folder}/download.json`);
  return text.replaceAll(/"(modified|from)": .*/g, "");
}

testInFolder("download() shows whole files only, killed at any time", async (folder) => {
  const from = `${folder}/from`, whole = `${folder}/whole`, out = `${folder}/out`;
  const texts: Record<string, string> = {
    "a.txt": "a".repeat(200_000),
    "b.txt": "b".repeat(100),
  };
  await Deno.mkdir(from);
  for (const [name, text] of Object.entries(texts)) {
    await Deno.writeTextFile(`${from}/${name}`, text);
  }
  await downloadBoth(from, whole);
  const names = await listFiles(whole), record = await recordIn(whole);
  const program = new URL("_killed_download.ts", import.meta.url);
  const kills = await killAtEach(program, [from, out], async (count) => {
    for (const name of (await listFiles(out)).filter((name) => name in texts)) {
      assertEquals(await Deno.readTextFile(`${out}/${name}`), texts[name]);
    }
    await downloadBoth(from, out);
    assertEquals(await listFiles(out), names, `kill ${count}`);
    assertEquals(await recordIn(out), record);
    await Deno.remove(out, { recursive: true });
  }, 3);
  assert(kills >= 3, `${kills} kills`);
});
