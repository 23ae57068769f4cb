import {
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Dataset, DatasetWriter } from "../../../src/dataset/dataset.ts";
import { adjustmentChart } from "../../../src/report/adjustment_chart.ts";
import { evaluateSystems } from "../../../src/pipeline/scoring/evaluate.ts";
import {
  type AdjustmentPoint,
  parseStrength,
} from "../../../src/pipeline/scoring/logit_adjustment.ts";
import { chartFile } from "../../../src/render/charts/file.ts";
import { openSystem } from "../../../src/pipeline/systems/systems.ts";
import { imageOf } from "../../eval/_toy.ts";
import { testInFolder } from "../../_in_folder.ts";

Deno.test("parseStrength() takes auto and numbers in [0, 10]", () => {
  assertEquals(["auto", "0", "0.5"].map(parseStrength), [undefined, 0, 0.5]);
  for (const text of ["", "-1", "11", "much"]) {
    assertThrows(
      () => parseStrength(text),
      RangeError,
      `Cannot adjust logits as --logit-adjustment must be "auto" or a number in [0, 10]: found "${text}"`,
    );
  }
});

/**
 * Of training's 10 relations 9 have predicate 0. The label predictor gives predicate 0 the
 * probability 0.8 where it is right, and 0.6 where 1 is.
 */
async function makeToy(folder: string): Promise<Dataset> {
  const writer = await DatasetWriter.create(folder, {
    name: "toy",
    vocabulary: { entities: ["a"], predicates: ["on", "riding"] },
    labelPredictor: { name: "none", simulated: false },
    ...{ source: "a test", licence: "none", command: "a test", inputsHash: "0" },
  });
  const image = (id: string, predicate: number) => {
    const on = [0.8, 0.6][predicate];
    const row = [Math.log(0.9 * on), Math.log(0.9 * (1 - on)), Math.log(0.1)];
    const none = [-9, -9, 0];
    return {
      ...imageOf([0, 0], [[0, 1, predicate]], { id }),
      entityLogits: new Float32Array(2),
      relationLogits: Float32Array.from([none, row, none, none].flat()),
    };
  };
  for (let i = 0; i < 9; i++) await writer.add("train", image(`train${i}`, 0));
  await writer.add("train", image("train9", 1));
  for (const split of ["validation", "test"] as const) {
    await writer.add(split, image(`${split}0`, 0));
    await writer.add(split, image(`${split}1`, 1));
  }
  await writer.close();
  return await Dataset.open(folder);
}

testInFolder(
  "auto takes the least strength with the best F1 on validation",
  async (cwd) => {
    const dataset = await makeToy(`${cwd}/toy`);
    const curve: AdjustmentPoint[] = [];
    const recallWith = async (logitAdjustment?: string) => {
      const [{ evaluator }] = await evaluateSystems(
        [await openSystem("label_predictor")],
        dataset,
        {
          ...{ split: "test", metrics: "R,mR", k: [1], logitAdjustment },
          onAdjustment: (points) => curve.push(...points),
        },
        { tasks: ["predcls"], protocols: "motifs" },
      );
      return evaluator.result().values.map(({ value }) => value);
    };
    assertEquals(await recallWith(), [0.5, 0.5]);
    assertEquals(await recallWith("0.2"), [0.5, 0.5]);
    assertEquals(await recallWith("1"), [1, 1]);
    assertEquals(await recallWith("2"), [0.5, 0.5]);
    assertEquals(curve, []);
    assertEquals(await recallWith("auto"), [1, 1]);
    // Training and validation have 10 and 2 relations: frequencies (9 + 1 + 1) / 14 and
    // (1 + 1 + 1) / 14. Predicate 1 wins 0.4 : 0.6 from ln 1.5 / ln (11 / 3) = 0.31 on, and
    // 0.2 : 0.8 from 1.07 on.
    const rights = curve.map(({ strength, F1 }) => [strength, F1 === 1]);
    assertEquals(rights, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => [i / 10, i >= 4]));
    assertEquals(curve.filter(({ isChosen }) => isChosen), [{
      ...{ system: "label_predictor", task: "predcls", protocol: "motifs", k: 1 },
      ...{ strength: 0.4, R: 1, mR: 1, F1: 1, isChosen: true },
    }]);
    assertAlmostEquals(curve[0].F1, 0.5);
    const chart = adjustmentChart(curve, "label_predictor");
    const byMetric = Map.groupBy(chart.rows, ({ metric }) => metric);
    assertEquals([...byMetric.keys()], ["R@1", "mR@1", "F1@1"]);
    assertEquals(
      byMetric.get("R@1")!.map(({ strength, value }) => [strength, value]),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => [i / 10, i < 4 ? 50 : 100]),
    );
    assertEquals(chart.best, 0.4);
    const drawn = await chartFile(chart);
    assertStringIncludes(drawn, "<title>best: strength of the adjustment 0.4</title>");
    assertThrows(
      () => adjustmentChart(curve, "other"),
      RangeError,
      'must have been tried: found those of "label_predictor"',
    );
  },
);
