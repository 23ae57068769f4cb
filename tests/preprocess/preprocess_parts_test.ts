/** Jobs that preprocess parts of the images give together what one process gives. */

import { assertEquals, assertRejects } from "@std/assert";
import { mergeParts } from "../../src/dataset/merge_parts.ts";
import { userJsonText } from "../../src/dataset/formats/user_json_text.ts";
import { headerOf, imagesOf } from "../../src/dataset/convert.ts";
import { preprocess, preprocessFits } from "../../src/preprocess/preprocess.ts";
import { preprocessJson } from "../../src/preprocess/preprocess_json.ts";
import { writeWorldDataset } from "../../src/world/write_dataset.ts";
import { inFolder, testInFolder } from "../_in_folder.ts";
import { assertSameFiles, filesOf } from "../dataset/_same_files.ts";
import { toyImages, toyTraining } from "../label_predictor/_toy.ts";
import { runTask } from "../tasks/_run_script.ts";
import { TOY_INFO } from "./_toy_preprocess.ts";

const IMAGES = {
  train: toyImages(8, 1),
  validation: toyImages(2, 2),
  test: toyImages(3, 3),
};
const OPTIONS = { training: toyTraining(1), workers: 1 };

testInFolder(
  "preprocess() in parts: fits by some jobs, images by others, the bytes of one process",
  async (folder) => {
    const one = `${folder}/one`, out = `${folder}/toy`;
    await preprocess(one, IMAGES, TOY_INFO, OPTIONS);
    const part = (index: number, count: number) =>
      preprocess(out, IMAGES, TOY_INFO, { ...OPTIONS, shard: { index, count } });
    const fit = (index: number, count: number) =>
      preprocessFits(out, IMAGES, TOY_INFO, { ...OPTIONS, shard: { index, count } });

    // The jobs of images do not fit: 64 of them would do so 64 times.
    await assertRejects(() => part(1, 2), RangeError, "missing 6");
    const fits = `${folder}/.fits_toy`;
    assertEquals(await fit(2, 2), { folder: fits, mine: 3, all: 6 });
    await assertRejects(() => part(1, 2), RangeError, "missing 3");
    await fit(1, 2);
    const kept = await filesOf(fits);
    assertEquals(Object.keys(kept).length, 6);
    assertEquals(
      await fit(8, 8),
      { folder: fits, mine: 0, all: 6 },
      "more jobs than fits",
    );
    await fit(1, 1); // twice
    assertEquals(await filesOf(fits), kept);

    for (const count of [2, 7]) {
      const folders: string[] = [];
      for (let index = 1; index <= count; index++) {
        folders.push((await part(index, count)).folder);
      }
      const merged = `${folder}/merged ${count}`;
      await mergeParts(folders, merged);
      await assertSameFiles(merged, one);
    }
  },
);

Deno.test("preprocessJson() in parts keeps the logits of the file", () =>
  inFolder(async (folder) => {
    const sizes = { train: 3, validation: 1, test: 2 };
    const command = "deno task preprocess synthetic";
    const world = await writeWorldDataset(`${folder}/world`, { command, sizes });
    const file = `${folder}/mine.jsonl`, out = `${folder}/mine`;
    const lines = userJsonText(headerOf(world), imagesOf(world, { logits: true }), true);
    await Deno.writeTextFile(file, (await Array.fromAsync(lines)).join(""));
    const one = await preprocessJson({
      file,
      out: `${folder}/one`,
      name: "mine",
      command,
    });
    const folders: string[] = [];
    for (let index = 1; index <= 4; index++) {
      const shard = { index, count: 4 };
      const part = await preprocessJson({ file, out, name: "mine", command, shard });
      folders.push(part.folder);
    }
    await mergeParts(folders, out);
    await assertSameFiles(out, one.folder);
  }));

Deno.test("preprocess --shard and merge, as commands", () =>
  inFolder(async (folder) => {
    const sizes = { train: 4, validation: 1, test: 2 };
    const flags = [
      "--train-images",
      "4",
      "--validation-images",
      "1",
      "--test-images",
      "2",
    ];
    const small = ["preprocess", "synthetic", "--name", "small", ...flags];
    const run = async (...[task, ...args]: string[]) => {
      const { code, stdout, stderr } = await runTask(folder, task, ...args);
      assertEquals(code, 0, stderr);
      return stdout;
    };
    const out = `${folder}/data/processed/small`;
    await run(...small, "--shard", "2/2", "--quiet");
    const command = `deno task ${small.join(" ")}`;
    const options = { name: "small", command, sizes };
    const first = await writeWorldDataset(out, {
      ...options,
      shard: { index: 1, count: 2 },
    });
    assertEquals(
      await run("merge", `${out}.2-of-2`, first.folder, "--out", out, "--quiet"),
      `${out}, 2 parts: 4 train, 1 validation, 2 test images\n`,
    );
    await assertSameFiles(
      out,
      (await writeWorldDataset(`${folder}/one`, options)).folder,
    );
  }));
