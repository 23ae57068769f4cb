import { assert, assertEquals } from "@std/assert";
import { hashesBelow } from "../dataset/_made_datasets.ts";
import { testInFolder } from "../_in_folder.ts";
import { killAtEach } from "../_kill_at.ts";
import { preprocessToy } from "./_toy_preprocess.ts";

testInFolder("preprocess() gives the same bytes after any kill", async (folder) => {
  const whole: Record<string, string>[] = [];
  for (const seed of [1, 2]) {
    await preprocessToy(`${folder}/whole/toy`, seed);
    whole.push(await hashesBelow(`${folder}/whole`));
  }
  const root = `${folder}/killed`, place = `${root}/toy`;
  await preprocessToy(place, 1);
  const program = new URL("_toy_preprocess.ts", import.meta.url);
  const kills = await killAtEach(program, [place], async (count) => {
    // The run that was killed, or one of the dataset that was there before.
    const seed = count % 2 + 1;
    await preprocessToy(place, seed);
    assertEquals(await hashesBelow(root), whole[seed - 1], `kill ${count}`);
    await preprocessToy(place, 1);
    assertEquals(await hashesBelow(root), whole[0], `kill ${count}`);
  }, 19);
  assert(kills >= 3, `${kills} kills`);
  assertEquals(await hashesBelow(root), whole[1]);
});

for (const damage of ["remove", "truncate"] as const) {
  testInFolder(
    `preprocess() replaces a label predictor after ${damage}()`,
    async (folder) => {
      await preprocessToy(`${folder}/toy`, 1);
      const whole = await hashesBelow(folder);
      await Deno[damage](`${folder}/toy/label_predictor.safetensors`);
      await preprocessToy(`${folder}/toy`, 1);
      assertEquals(await hashesBelow(folder), whole);
    },
  );
}
