import { assertEquals, assertRejects } from "@std/assert";
import type { SplitName } from "../../src/dataset/manifest.ts";
import { preprocessSgp } from "../../src/preprocess/preprocess_sgp.ts";
import { testInFolder } from "../_in_folder.ts";
import { hasPython, withSgpFiles } from "../dataset/formats/_sgp_archive.ts";

const ignore = !hasPython();

Deno.test({
  name: "preprocessSgp() makes a dataset of the authors' files, and once only",
  ignore,
  fn: () =>
    withSgpFiles(async (raw) => {
      const out = `${raw}/out`;
      const progress: number[] = [];
      const options = {
        raw,
        out,
        command: "deno task preprocess sgp",
        onProgress: (done: number) => progress.push(done),
      };
      const dataset = await preprocessSgp(options);
      const { manifest, vocabulary } = dataset;
      const ids = async (split: SplitName) =>
        (await Array.fromAsync(dataset.examples(split))).map(({ id }) => id);
      // Lists 0 and 1, of 12 images each, are for training, the last one, 10, is for
      // validation. The sixth of each list has no logits.
      const numbers = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => String(from + i))
          .filter((id) => !["6", "18", "30", "38"].includes(id));
      assertEquals(await ids("train"), numbers(1, 25));
      assertEquals(await ids("validation"), numbers(25, 33));
      assertEquals(await ids("test"), numbers(33, 43));
      // The seventh of each list is too small for its boxes.
      assertEquals(manifest.details, {
        imagesWithoutLogits: 4,
        mended: { imagesEnlarged: 4 },
      });
      await assertRejects(
        () => preprocessSgp({ ...options, out: `${raw}/strict`, strict: true }),
        RangeError,
        "4 images were enlarged to hold their boxes, first here; --strict (strict) refuses",
      );
      assertEquals(manifest.labelPredictor.name, "file");
      assertEquals(manifest.logitsType, "float32");
      assertEquals([vocabulary.numEntityClasses, vocabulary.numPredicates], [150, 51]);
      assertEquals(progress.at(-1), 42);
      progress.length = 0;
      const again = await preprocessSgp(options);
      assertEquals([again.manifest, progress.length], [manifest, 0]);
    }),
});

Deno.test({
  name:
    "preprocessSgp() takes every tenth image of a single training list for validation",
  ignore,
  fn: () =>
    withSgpFiles(
      async (raw) => {
        for (const list of ["1", "10"]) await Deno.remove(`${raw}/data/train/${list}.p`);
        const options = { raw: `${raw}/data`, out: `${raw}/out`, command: "" };
        const dataset = await preprocessSgp(options);
        const validation = await Array.fromAsync(dataset.examples("validation"));
        assertEquals(validation.map(({ id }) => id), ["10"]);
        assertEquals([dataset.size("train"), dataset.size("test")], [10, 9]);
      },
      9,
      4,
    ),
});

testInFolder("preprocessSgp() says what to do if files are missing", async (raw) => {
  await assertRejects(
    () => preprocessSgp({ raw, out: `${raw}/out`, command: "" }),
    RangeError,
    'must have the lists "train/0.p" and "test/0.p": found none; run "deno task download sgp" first',
  );
});
