import { assert, assertEquals, assertRejects } from "@std/assert";
import { inputLabels } from "../../src/decode_graph.ts";
import type { Example } from "../../src/example.ts";
import { decodeSafetensors } from "../../src/io/safetensors.ts";
import { labelPredictorFrom } from "../../src/label_predictor/load.ts";
import { preprocess } from "../../src/preprocess/preprocess.ts";
import { inFolder } from "../_in_folder.ts";
import { assertClose } from "../_assert.ts";
import { toyImages, toyTraining } from "../label_predictor/_toy.ts";
import { TOY_INFO } from "./_toy_preprocess.ts";

const IMAGES = {
  train: toyImages(20, 1),
  validation: toyImages(5, 2),
  test: toyImages(5, 3),
};

const filesOf = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("preprocess() writes given labels and a predictor's logits", () =>
  inFolder(async (folder) => {
    const progress: [number, number][] = [];
    const dataset = await preprocess(folder, IMAGES, TOY_INFO, {
      training: toyTraining(1),
      onProgress: (...state) => progress.push(state),
    });
    assertEquals(await filesOf(folder), [
      "label_predictor.safetensors",
      "manifest.json",
      "test-00000.safetensors",
      "train-00000.safetensors",
      "validation-00000.safetensors",
    ]);
    const { labelPredictor, seed, splits } = dataset.manifest;
    assertEquals([labelPredictor.name, labelPredictor.simulated, seed], [
      "perceptron",
      false,
      0,
    ]);
    assertEquals([splits.train.images, splits.validation.images], [20, 5]);
    assert(progress.every(([done], i) => done >= (progress[i - 1]?.[0] ?? 0)));
    assertEquals(progress.at(-1)![0], progress.at(-1)![1]);

    const test: Example[] = await Array.fromAsync(dataset.examples("test"));
    const [example] = test;
    assertEquals(example.id, "3-0");
    // Labels are given, so that they are certain, although the shard has float16.
    assert(inputLabels(example.entityLogits, 3).every(({ isKept }) => isKept));
    // Three classes: 1 - 1e-6 for the given one, half of the rest for each other.
    assertClose(
      example.entityLogits,
      [0, 1, 2].flatMap((i) => [0, 1, 2].map((k) => k === i ? 0 : Math.log(5e-7))),
      0.01,
    );
    // The stored label predictor is the one that gave the logits of the test images.
    const file = await Deno.readFile(`${folder}/label_predictor.safetensors`);
    const { arrays, metadata } = decodeSafetensors(file, "label_predictor.safetensors");
    const predictor = labelPredictorFrom(metadata.name, arrays);
    const logitsOf = (image: Example) =>
      predictor.predictRelations({
        ...image,
        entityProbabilities: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      });
    for (const image of test) {
      assertClose(image.relationLogits, await logitsOf(image), 0.02);
    }
    // The logits of a training image come from a fit without it.
    const [seen] = await Array.fromAsync(dataset.examples("train"));
    const distance = (await logitsOf(seen)).map((logit, k) =>
      Math.abs(logit - seen.relationLogits[k])
    );
    assert(Math.max(...distance) > 0.02);
  }));

Deno.test("preprocess() makes a dataset anew only if something has changed", () =>
  inFolder(async (folder) => {
    const make = async (options: Parameters<typeof preprocess>[3], info = TOY_INFO) => {
      let isMade = false;
      const dataset = await preprocess(folder, IMAGES, info, {
        labelPredictor: "frequency",
        ...options,
        onProgress: () => isMade = true,
      });
      return [isMade, dataset.manifest.splits.train.shards[0].sha256] as const;
    };
    const [isMade, sha256] = await make({});
    assert(isMade);
    assertEquals(await make({}), [false, sha256]);
    assertEquals((await make({}, { ...TOY_INFO, imagesHash: "other" }))[0], true);
    // With class statistics only the parts are random.
    const [isMadeAgain, otherSha256] = await make({ seed: 5 });
    assert(isMadeAgain && otherSha256 !== sha256);
  }));

Deno.test("preprocess() leaves no incomplete dataset behind", () =>
  inFolder(async (folder) => {
    const [image] = IMAGES.test;
    const test = [{ ...image, boxes: image.boxes.map(() => 7) }];
    await assertRejects(
      () =>
        preprocess(folder, { ...IMAGES, test }, TOY_INFO, {
          labelPredictor: "frequency",
        }),
      RangeError,
      'Cannot use image "3-0" as box 0 must lie inside 100 x 100',
    );
    assertEquals(await filesOf(folder), []);
  }));

Deno.test("preprocess() says where external counts come from, and makes a dataset anew if they change", () =>
  inFolder(async (folder) => {
    const make = async (count: number, labelPredictor?: "frequency") => {
      const { manifest } = await preprocess(folder, IMAGES, TOY_INFO, {
        ...{ training: toyTraining(1), labelPredictor },
        counts: {
          subjects: Int32Array.of(0, 1),
          objects: Int32Array.of(1, 2),
          predicates: Int32Array.of(1, 0),
          counts: Int32Array.of(count, 0),
          source: "somebody",
        },
      });
      return manifest;
    };
    const made = await make(3);
    const { source, kinds, relations } = made.labelPredictor.counts as Record<
      string,
      unknown
    >;
    assertEquals([source, kinds, relations], ["somebody", 1, 3]);
    const path = `${folder}/label_predictor.safetensors`;
    const { arrays } = decodeSafetensors(await Deno.readFile(path), path);
    assertEquals(arrays["counts/counts"].data, Int32Array.of(3));
    assertEquals((await make(3)).inputsHash, made.inputsHash);
    const changed = await make(4);
    assert(changed.inputsHash !== made.inputsHash);
    // Class statistics do not use them, so the manifest does not name them.
    assertEquals((await make(4, "frequency")).labelPredictor.counts, undefined);
  }));
