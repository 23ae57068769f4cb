import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Dataset } from "../../src/dataset/dataset.ts";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { evaluateModel } from "../../src/pipeline/model_evaluation.ts";
import type { ModelEvaluationOptions } from "../../src/pipeline/model_systems.ts";
import { SILENT } from "../../src/pipeline/listener.ts";
import { openNetworks } from "../../src/pipeline/systems/networks.ts";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { preprocess } from "../../src/preprocess/preprocess.ts";
import { softmaxRows } from "../../src/softmax.ts";
import { inFolder } from "../_in_folder.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, smallCheckpoint, VOCABULARY } from "../_samples.ts";

/** A dataset of detected labels, whose relations a label predictor has read. */
async function withDataset(test: (dataset: Dataset) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const images = (count: number, split: string) =>
      Array.from({ length: count }, (_, i) => randomImage(4, split, i));
    const splits = {
      train: images(10, "train"),
      validation: images(2, "validation"),
      test: images(3, "test"),
    };
    await test(
      await preprocess(`${folder}/doubt`, splits, {
        name: "doubt",
        vocabulary: VOCABULARY.toJSON(),
        source: "a test",
        licence: "MIT",
        command: "a test",
        imagesHash: "1",
      }, { labelPredictor: "frequency" }),
    );
  });
}

Deno.test('a system that keeps labels is predict(input, { labels: "keep" })', () =>
  withDataset(async (dataset) => {
    const checkpoint = smallCheckpoint();
    const system = { kind: "checkpoint", name: "m", given: "m", checkpoint } as const;
    const systems = [{ ...system, keepsLabels: true }, { ...system, name: "revised" }];
    const options = { backend: "wasm", workers: 1, numBatches: 1 } as const;
    using networks = await openNetworks(systems, dataset, options, SILENT);
    const { backend } = options;
    using sgp = await SceneGraphPredictor.load(encodeCheckpoint(checkpoint), { backend });
    const examples = await Array.fromAsync(dataset.examples("test"));
    const outputs = await networks.systems.m(examples);
    const p = VOCABULARY.numPredicates;
    for (const [e, example] of examples.entries()) {
      const { boxes, width: imageWidth, height: imageHeight, entityLogits } = example;
      const input = { boxes, imageWidth, imageHeight, entityLogits };
      const graph = await sgp.predict(input, { labels: "keep" });
      assertEquals(outputs[e].entityLogits, entityLogits);
      const q = softmaxRows(outputs[e].relationLogits, p);
      for (const { subject, object, predicateIndex, score } of graph.relations) {
        const { [subject]: a, [object]: b } = graph.entities;
        const probability = q[(4 * subject + object) * p + predicateIndex];
        assertClose([a.score * b.score * probability], [score], 1e-6);
      }
    }
    const [revised] = await networks.systems.revised(examples);
    assertNotEquals(revised.entityLogits, examples[0].entityLogits);
  }));

Deno.test("evaluateModel() compares with the model whose labels are kept", () =>
  withDataset(async (dataset) => {
    const path = `${dataset.folder}/../m.safetensors`;
    await Deno.writeFile(path, encodeCheckpoint(smallCheckpoint()));
    const options: Omit<ModelEvaluationOptions, "systems"> = {
      ...{ command: "a test", dataset: dataset.folder, split: "test", seeds: 1, seed: 0 },
      ...{ task: "sgcls", protocol: "motifs", metrics: "accuracy", k: [20] },
      ...{
        control: "none",
        resamples: 10,
        keptLabels: true,
        backend: "wasm",
        workers: 1,
      },
    } as const;
    const { rows } = await evaluateModel({ ...options, systems: [path] });
    const kept = rows.find(({ metric, baseline_name }) =>
      metric === "entityAccuracy" && baseline_name === "kept labels"
    );
    // The labels that are kept are those of the label predictor's side: the likeliest.
    let right = 0, all = 0;
    for await (const { entityLogits, entityLabels } of dataset.examples("test")) {
      const c = VOCABULARY.numEntityClasses;
      entityLabels.forEach((label, i) => {
        const row = entityLogits.subarray(i * c, (i + 1) * c);
        right += Number(row.indexOf(Math.max(...row)) === label);
        all++;
      });
    }
    assertClose([kept!.baseline!], [right / all], 1e-12);
    await assertRejects(
      () => evaluateModel({ ...options, systems: ["label_predictor"] }),
      RangeError,
      'Cannot keep labels as --kept-labels must come with one checkpoint: found "label_predictor"',
    );
  }));
