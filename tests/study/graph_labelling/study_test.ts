import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  FULL,
  QUICK,
  runStudy,
  type StudySize,
} from "../../../src/study/graph_labelling/study.ts";
import {
  studyChart,
  studyLines,
  studyTable,
} from "../../../src/study/graph_labelling/summary.ts";
import { nameRuntimeFolder } from "../../../tasks/_cli/runtime_folder.ts";
import { testInFolder } from "../../_in_folder.ts";

nameRuntimeFolder();

const TINY: StudySize = {
  graphs: [2],
  seeds: 1,
  training: { ...QUICK.training, updatesPerCheck: 1, mostUpdates: 2 },
  measure: {
    ...{ validation: 2, test: 3, reordered: 2, orders: 2 },
    larger: [{ nodes: 12, graphs: 1 }],
  },
};

testInFolder(
  "runStudy() keeps runs, and does only those that are missing",
  async (folder) => {
    const options = { seed: 0, folder, workers: 1 };
    const runs = await runStudy(TINY, options);
    assertEquals(
      runs.map(({ architecture, graphs, seed }) => [architecture, graphs, seed]),
      ["invariant", "linear_phi", "lstm", "fully_connected", "deep_sets"]
        .map((name) => [name, 2, 0]),
    );
    for (const { accuracy, larger, architecture } of runs) {
      assert(accuracy >= 0 && accuracy <= 1);
      const takesOthers = architecture !== "fully_connected";
      assertEquals(Object.keys(larger), takesOthers ? ["12"] : []);
    }
    // A missing run is made again, to the same bytes; a kept one is not.
    const path = (name: string) => `${folder}/runs/${name}_2_seed0.json`;
    const bytes = await Deno.readTextFile(path("lstm"));
    await Deno.remove(path("lstm"));
    const marked = await Deno.readTextFile(path("invariant"));
    await Deno.writeTextFile(
      path("invariant"),
      marked.replace(/"accuracy":[\d.]+/, '"accuracy":0.125'),
    );
    const states: string[] = [];
    const again = await runStudy(TINY, {
      ...options,
      onProgress: (done, total) => states.push(`${done}/${total}`),
    });
    assertEquals([states[0], states.at(-1)], ["4/5", "5/5"]);
    assertEquals(await Deno.readTextFile(path("lstm")), bytes);
    assertEquals(again[0].accuracy, 0.125);
    assertEquals(again.slice(1), runs.slice(1));
  },
);

const run = {
  ...{ parameters: 10, updates: 5, consistency: 1, larger: { 20: 0.5 } },
  graphs: 16,
} as const;
const RUNS = [
  { ...run, architecture: "invariant", seed: 0, accuracy: 0.9 },
  { ...run, architecture: "lstm", seed: 0, accuracy: 0.8, updates: 10 },
  { ...run, architecture: "invariant", seed: 1, accuracy: 1 },
  { ...run, architecture: "lstm", seed: 1, accuracy: 0.7, updates: 20 },
] as const;

Deno.test("studyLines() has means, and differences seed by seed", () => {
  const [invariant, lstm] = studyLines(RUNS);
  assertEquals([invariant.architecture, invariant.seeds], ["invariant", 2]);
  assertEquals(lstm.updates, 15);
  const close = (a: number, b: number) => assert(Math.abs(a - b) < 1e-9, `${a}, ${b}`);
  close(invariant.accuracy.mean, 0.95);
  assertEquals(invariant.gain.mean, 0);
  // 0.1 and 0.3: their deviation is 0.2 / sqrt(2), so that of the mean is 0.1.
  close(lstm.gain.mean, 0.2);
  close(lstm.gain.high!, 0.2 + 0.1 * 12.706204736); // tan(0.475 pi)
  assertEquals(lstm.larger[20].mean, 0.5);
});

Deno.test("studyTable() and studyChart() show the lines", () => {
  const lines = studyLines(RUNS);
  const table = studyTable(lines);
  // 12.706 times a deviation of the mean of 0.05.
  assertStringIncludes(table, "95.00 ±63.53");
  assertStringIncludes(table, "LSTM");
  // An interval ends where no share can lie.
  const ends = { low: 100 * (0.95 - 0.05 * 12.706204736), high: 100 };
  const [invariant, lstm] = studyChart(lines).rows;
  assertEquals([invariant.network, lstm.network], ["invariant", "LSTM"]);
  assertEquals([invariant.graphs, invariant.accuracy], ["16", 95]);
  assert(Math.abs(Number(invariant.low) - ends.low) < 1e-6, `${invariant.low}`);
  assertEquals([invariant.high, lstm.high], [ends.high, 100]);
});

Deno.test("the sizes of the study: powers of 4 from 16 to 65,536", () => {
  assertEquals(FULL.graphs, [2, 3, 4, 5, 6, 7, 8].map((power) => 4 ** power));
  assertEquals(FULL.seeds, 5);
  assertEquals(FULL.measure.orders, 20);
});
