/**
 * Inputs for jobs: images of the built-in world as `predict` reads them.
 *
 * @module
 */

import { worldExamples } from "../../src/world/world.ts";

/**
 * Writes `inputs/1.json` and so on.
 *
 * @param folder Folder for `inputs`.
 * @param count Number of images.
 */
export async function writeInputs(folder: string, count: number): Promise<void> {
  await Deno.mkdir(`${folder}/inputs`);
  let number = 0;
  for (const example of worldExamples(0, "test", count)) {
    const { width, height, boxes, entityLogits, relationLogits } = example;
    const input = {
      ...{ imageWidth: width, imageHeight: height, boxes: rowsOf(boxes, 4) },
      entityLogits: [...entityLogits],
      relationLogits: [...relationLogits],
    };
    const path = `${folder}/inputs/${++number}.json`;
    await Deno.writeTextFile(path, JSON.stringify(input));
  }
}

function rowsOf(values: Float32Array, width: number): number[][] {
  const rows = Array.from({ length: values.length / width }, (_, i) => i * width);
  return rows.map((first) => [...values.subarray(first, first + width)]);
}

/** The bytes of every file of a folder, as text, by its name. */
export async function filesIn(folder: string): Promise<Record<string, string>> {
  const decoder = new TextDecoder("latin1"); // a character for each byte
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return Object.fromEntries(
    await Promise.all(
      names.sort().map(async (name) =>
        [name, decoder.decode(await Deno.readFile(`${folder}/${name}`))] as const
      ),
    ),
  );
}
