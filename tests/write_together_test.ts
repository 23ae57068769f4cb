import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  isUnsettled,
  listFiles,
  removeUnfinishedFiles,
  settleFiles,
  writeFilesTogether,
} from "../src/files.ts";
import { testInFolder } from "./_in_folder.ts";
import { killAtEach } from "./_kill_at.ts";

const PROGRAM = new URL("_killed_writing.ts", import.meta.url);

/** What the folder may have: all of the old files, or all of the new ones. */
const WHOLE = ["x: 1,y: 1,z: 1", "x: 2,y: 2,z: 1"];

/** The text of each file in a folder. */
async function textsIn(folder: string): Promise<string[]> {
  const names = await listFiles(folder);
  return await Promise.all(
    names.map(async (name) => `${name}: ${await Deno.readTextFile(`${folder}/${name}`)}`),
  );
}

testInFolder("writeFilesTogether() replaces those that it is given", async (folder) => {
  const group = `${folder}/a/run`;
  await writeFilesTogether(group, { x: "1", y: "1" });
  await writeFilesTogether(group, { x: "2" });
  assertEquals(await textsIn(`${folder}/a`), ["x: 2", "y: 1"]);
  assertEquals([...Deno.readDirSync(`${folder}/a`)].length, 2);
});

testInFolder("writeFilesTogether() keeps the old files if one fails", async (folder) => {
  const group = `${folder}/run`;
  await writeFilesTogether(group, { x: "1", y: "1" });
  async function* failing() {
    yield await Promise.resolve(new Uint8Array(1));
    throw new Error("out of luck");
  }
  const failed = () => writeFilesTogether(group, { x: "2", y: failing() });
  await assertRejects(failed, Error, "out of luck");
  assertEquals(await textsIn(folder), ["x: 1", "y: 1"]);
  assertEquals([...Deno.readDirSync(folder)].length, 2);
});

testInFolder("writeFilesTogether() leaves no mixture after a kill", async (folder) => {
  const group = `${folder}/run`;
  const seen = new Set<string>();
  const old = { x: "1", y: "1", z: "1" };
  await writeFilesTogether(group, old);
  const kills = await killAtEach(PROGRAM, [group], async (count) => {
    const isMixed = !WHOLE.includes((await textsIn(folder)).join());
    if (isMixed) assert(await isUnsettled(group), `kill ${count}`);
    await settleFiles(group);
    const texts = (await textsIn(folder)).join();
    assert(WHOLE.includes(texts), `kill ${count}: ${texts}`);
    seen.add(texts);
    // What the killed one has begun does not come into what is written next.
    await writeFilesTogether(group, { x: "1", z: "1" });
    await writeFilesTogether(group, { y: "1" });
    await removeUnfinishedFiles(group);
    assertEquals([...Deno.readDirSync(folder)].length, 3, `kill ${count}`);
  }, 2);
  assert(kills >= 4, `${kills} kills`);
  assertEquals(seen.size, 2);
});
