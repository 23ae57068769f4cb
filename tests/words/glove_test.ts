import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { makeGloveTable } from "../../src/words/glove.ts";
import { decodeWordTable, nameVectors } from "../../src/words/word_vectors.ts";
import { inFolder } from "../_in_folder.ts";
import { zipOf } from "../archive/_archives.ts";

const ZIP = zipOf([
  { path: "glove.6B.2d.txt", content: ", 0 0\nwine 1 2\nglass 3 -4\nthe 9 9\n" },
  { path: "glove.6B.3d.txt", content: ", 0 0 0\nwine 1 2 3\n" },
]);

async function withZip(run: (zip: string, folder: string) => Promise<void>) {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/glove.6B.zip`, ZIP);
    await run(`${folder}/glove.6B.zip`, folder);
  });
}

Deno.test("makeGloveTable() keeps only the wanted words, for the vectors of names", () =>
  withZip(async (zip, folder) => {
    const words = new Set(["wine", "glass", "zyx"]);
    const progress: number[][] = [];
    const table = await makeGloveTable(zip, {
      words,
      size: 2,
      onProgress: (...numbers) => progress.push(numbers),
    });
    const path = `${folder}/glove.6B.2d.safetensors`;
    assertEquals(table, { path, words: 2, unknown: ["zyx"], state: "made" });
    assertEquals(progress.at(-1), [34, 34]);
    const read = decodeWordTable(await Deno.readFile(path), path);
    assertEquals([...read.keys()], ["glass", "wine"]);
    const { data } = nameVectors(["wine glass"], read);
    // (1 + 3) / 2 and (2 - 4) / 2, within a step of 8 bits.
    assertAlmostEquals(data[0], 2, 0.03);
    assertAlmostEquals(data[1], -1, 0.03);
  }));

Deno.test("makeGloveTable() makes a table again only for other words", () =>
  withZip(async (zip) => {
    const make = async (...words: string[]) =>
      (await makeGloveTable(zip, { words: new Set(words), size: 2 })).state;
    assertEquals(await make("wine", "the"), "made");
    assertEquals(await make("the", "wine"), "present");
    assertEquals(await make("wine"), "made");
  }));

Deno.test("makeGloveTable() lists the files if none has the size", () =>
  withZip(async (zip, folder) => {
    await assertRejects(
      () => makeGloveTable(zip, { words: new Set(["wine"]), size: 300 }),
      RangeError,
      `Cannot make word vectors of 300 numbers: "glove.6B.zip" must have a file of them: found "glove.6B.2d.txt", "glove.6B.3d.txt"`,
    );
    await Deno.writeFile(`${folder}/empty.zip`, zipOf([]));
    await assertRejects(
      () => makeGloveTable(`${folder}/empty.zip`, { words: new Set(), size: 300 }),
      RangeError,
      `"empty.zip" must have a file of them: found none`,
    );
  }));

Deno.test("makeGloveTable() refuses to make an empty table", () =>
  withZip(async (zip, folder) => {
    await assertRejects(
      () => makeGloveTable(zip, { words: new Set(["xyzzy"]), size: 2 }),
      RangeError,
      `Cannot make word vectors: "glove.6B.2d.txt" must have one of the 1 words: found none`,
    );
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));
