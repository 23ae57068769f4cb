import { assertAlmostEquals, assertEquals } from "@std/assert";
import { DatasetWriter } from "../../../src/dataset/dataset.ts";
import { Dataset } from "../../../src/dataset/dataset.ts";
import { evaluateSystems } from "../../../src/pipeline/scoring/evaluate.ts";
import { openSystem } from "../../../src/pipeline/systems/systems.ts";
import { testInFolder } from "../../_in_folder.ts";
import { imageOf } from "../../eval/_toy.ts";

testInFolder(
  "frequency looks up given labels in PredCls, believed ones in SGCls",
  async (folder) => {
    const writer = await DatasetWriter.create(folder, {
      name: "toy",
      vocabulary: { entities: ["a", "b", "c"], predicates: ["on", "under"] },
      labelPredictor: { name: "none", simulated: false },
      ...{ source: "a test", licence: "none", command: "a test", inputsHash: "0" },
    });
    const logits = (believed: number[]) => ({
      entityLogits: Float32Array.from(
        believed.flatMap((label) => [0, 1, 2].map((c) => c === label ? 9 : 0)),
      ),
      relationLogits: new Float32Array(believed.length ** 2 * 3),
    });
    // Between a and b training has only "on", between a and c only "under".
    for (let i = 0; i < 50; i++) {
      const on = imageOf([0, 1], [[0, 1, 0]], { id: `on${i}` });
      const under = imageOf([0, 2], [[0, 1, 1]], { id: `under${i}` });
      await writer.add("train", { ...on, ...logits([0, 1]) });
      await writer.add("train", { ...under, ...logits([0, 2]) });
    }
    // The detector takes b for c in one of the two images.
    const right = imageOf([0, 1], [[0, 1, 0]], { id: "right" });
    const wrong = imageOf([0, 1], [[0, 1, 0]], { id: "wrong" });
    await writer.add("test", { ...right, ...logits([0, 1]) });
    await writer.add("test", { ...wrong, ...logits([0, 2]) });
    await writer.close();
    const dataset = await Dataset.open(folder);
    const system = await openSystem("frequency");
    const evaluations = await evaluateSystems([system], dataset, {
      split: "test",
      metrics: "R",
      k: [1],
    }, { tasks: ["predcls", "sgcls"], protocols: "motifs" });
    const values = evaluations.map(({ system, task, evaluator }) =>
      [system, task, evaluator.result().values[0].value] as const
    );
    assertEquals(values.map(([system, task]) => `${system} ${task}`), [
      "frequency predcls",
      "frequency sgcls",
    ]);
    assertAlmostEquals(values[0][2], 1);
    assertAlmostEquals(values[1][2], 1 / 2);
  },
);
