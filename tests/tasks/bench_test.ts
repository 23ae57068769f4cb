import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkOutputs, type Contender } from "../../benches/_contender.ts";
import { flopsOf } from "../../benches/_flops.ts";
import { benchConfig } from "../../benches/_model.ts";
import { secondsOf } from "../../benches/_processes.ts";
import { planParts } from "../../benches/plan.ts";
import { memoryRatios, ratiosOf } from "../../benches/ratios.ts";
import { BENCHES, type Row, SYSTEMS } from "../../benches/row.ts";
import { ROOT, runScript, runTask } from "./_run_script.ts";
import { testTasks } from "../_task_host.ts";
import { IS_LONG, usually } from "../_usually.ts";

const PERMISSIONS = ["--allow-run=deno", "--allow-write=data/processed"];

const PLAN = { sizes: [10, 20, 40], hidden: 500, seconds: 5, systems: SYSTEMS };

/** A row with simple numbers. */
function row(values: Partial<Row>): Row {
  return {
    ...{ bench: "predict", system: "ours", form: "factored", n: 20, batch: 1 },
    ...{
      workers: 1,
      median_ms: 10,
      spread_ms: 0,
      fastest_ms: 10,
      runs: 3,
      backend: "wasm",
    },
    ...{ images_per_s: 100, peak_mb: 300, idle_mb: 100 },
    ...values,
  };
}

Deno.test("flopsOf() gives the numbers counted by hand at the published size", () => {
  const gflop = [10, 20, 40].map((n) => flopsOf(benchConfig(500), n) / 1e9);
  assertEquals([gflop[0].toFixed(2), gflop[1].toFixed(2)], ["0.39", "1.26"]);
  assertEquals(gflop[2].toFixed(1), "4.4");
});

Deno.test("checkOutputs() refuses outputs that are far off, too short or not numbers", () => {
  const contender: Contender = {
    ...{ system: "tfjs", form: "published" },
    start: () => ({ run() {} }),
  };
  const check = (...actual: number[][]) =>
    checkOutputs(contender, actual, [[1, -100], [0, 0]]);
  check([1.09, -100], [1e-6, 0]);
  assertThrows(
    () => check([1.2, -100], [0, 0]),
    Error,
    "Cannot time tfjs (published) as output 0 must be within 0.001 of ours: the relative difference is 0.00",
  );
  for (const wrong of [[[1, -100]], [[1, -100], [0, 0, 0]], [[1, NaN], [0, 0]]]) {
    assertThrows(() => check(...wrong), Error, "Cannot time tfjs");
  }
  assertThrows(() => check([1, -100], [1e-3, 0]), Error, "output 1");
});

Deno.test("planParts() multiplies matrices of the sizes of layers over pairs and over entities", () => {
  const shapes = planParts("matmul", PLAN).map(({ n, depth }) => [n, depth]);
  assertEquals(shapes, [[400, 500], [1600, 500], [400, 51], [20, 500]]);
});

Deno.test("planParts() trains on the paper's 20 images, or fewer if they have many pairs", () => {
  const batches = planParts("train", PLAN).map(({ n, batch }) => [n, batch]);
  assertEquals(batches, [[10, 20], [20, 20], [40, 5]]);
  const given = planParts("train", { ...PLAN, sizes: [40], batches: [1, 2] });
  assertEquals(given.map(({ batch }) => batch), [1, 2]);
});

Deno.test("planParts() scales entities, images at a time and images of a dataset", () => {
  const parts = planParts("scaling", PLAN);
  const ofPrediction = parts.filter(({ work }) => work === "predict");
  assertEquals(ofPrediction.map(({ n, batch }) => [n, batch]), [
    ...[[5, 1], [10, 1], [20, 1], [40, 1], [100, 1]],
    ...[[10, 4], [10, 16], [10, 64]],
  ]);
  assertEquals(parts.flatMap(({ images }) => images ?? []), [1_000, 5_000, 20_000]);
});

Deno.test("ratiosOf() compares images with equal threads, and workers with one", () => {
  const ratios = ratiosOf([
    row({ percent_of_limit: 80, fastest_ms: 8, fastest_percent: 90 }),
    row({ workers: 2, images_per_s: 180 }),
    row({ system: "tfjs", form: "published", images_per_s: 16 }),
    row({ system: "onnxruntime-node", workers: 2, images_per_s: 200 }),
    row({ system: "limit" }),
  ]);
  assertEquals(
    ratios.map(({ ours, against, value, fastest }) => [
      ...[ours.workers, against, value, fastest],
    ]),
    [
      [1, "tfjs published", "6.25x", "7.81x"], // 8 ms an image at best, the peer 62.5
      [1, "FMA limit", "80 %", "90 %"],
      [2, "ours factored", "1.80x", "1.44x"],
      [2, "onnxruntime-node factored x2", "0.90x", "0.90x"],
    ],
  );
});

Deno.test("ratiosOf() compares times of rows without images, and a worker's memory", () => {
  const none = { images_per_s: undefined };
  const [adam] = ratiosOf([
    row({ bench: "adam", ...none, median_ms: 6 }),
    row({ bench: "adam", ...none, median_ms: 4, system: "copy", form: "28 bytes" }),
  ]);
  assertEquals([adam.against, adam.value], ["copy 28 bytes", "0.67x"]);
  const [memory] = ratiosOf([row({ bench: "train", workers: 2, peak_mb: 1100 })]);
  assertEquals([memory.against, memory.value], ["memory of a worker", "500 MB"]);
});

Deno.test("memoryRatios() compares the largest dataset with the smallest", () => {
  const stream = (images: number, peak_mb: number) =>
    row({ bench: "scaling", work: "stream", images, peak_mb });
  const ratios = memoryRatios([stream(1000, 200), stream(5000, 150), stream(20000, 240)]);
  assertEquals(ratios.map(({ against, value }) => [against, value]), [
    ["memory of 1000 images, no garbage", "1.20x"],
  ]);
  assertEquals(memoryRatios([row({})]), []);
});

// Each system is timed in a process of its own, so the usual tests time few.
for (
  const { only, systems, form } of usually(
    [{ only: "predict", systems: "ours,tfjs", form: "factored" }],
    [
      {
        ...{ only: "predict", form: "factored" },
        systems: "ours,ours-int8,tfjs,onnxruntime-web",
      },
      { only: "train", systems: "ours,tfjs", form: "factored" },
    ],
  )
) {
  Deno.test(`bench --only ${only} --json prints one object per line`, async () => {
    const sizes = ["--n", "3", "--batch", "2", "--hidden", "8", "--seconds", "0.05"];
    const { code, stdout, stderr } = await runScript("tasks/bench.ts", [
      ...["--only", only, "--systems", systems, ...sizes, "--json"],
    ], { permissions: PERMISSIONS });
    assertEquals([code, stderr], [0, ""]);
    const rows: Row[] = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals([...new Set(rows.map(({ system }) => system))].join(), systems);
    for (const { bench, system, n, batch, workers, ...row } of rows) {
      const atOnce = only === "predict" ? workers : 1;
      assertEquals([bench, n, batch], [
        only,
        3,
        system.startsWith("ours") ? 2 * atOnce : 1,
      ]);
      assert(workers >= 1 && row.median_ms > 0 && row.spread_ms >= 0);
      assert(row.fastest_ms > 0 && row.fastest_ms <= row.median_ms);
      const { gflops, median_ms, fastest_ms, percent_of_limit, fastest_percent } = row;
      const atBest = gflops! * median_ms / fastest_ms,
        limit = 100 * atBest / fastest_percent!;
      assert(limit >= 100 * gflops! / percent_of_limit! - 1e-9, "the greatest limit");
      assert(row.images_per_s! > 0 && row.gflops! > 0);
      assert(row.peak_mb > row.idle_mb && row.idle_mb > 10 && row.peak_mb < 2000);
    }
    assertEquals(rows[0].form, form);
  });
}

Deno.test("bench --only matmul --json has no images", { ignore: !IS_LONG }, async () => {
  const { code, stdout, stderr } = await runScript("tasks/bench.ts", [
    ...["--only", "matmul", "--systems", "ours", "--seconds", "0.02", "--json"],
  ], { permissions: PERMISSIONS });
  assertEquals([code, stderr], [0, ""]);
  const rows: Row[] = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(rows.map(({ n }) => n), [400, 400, 1600, 1600, 400, 400, 20, 20]);
  for (const { bench, system, form, median_ms, images_per_s } of rows) {
    assertEquals([bench, system, images_per_s], ["matmul", "ours", undefined]);
    assert(/^\d+x\d+x500( packed)?$/.test(form) && median_ms > 0, form);
  }
});

Deno.test("bench prints tables for people: rows, then ratios", async () => {
  const { code, stdout } = await runScript("tasks/bench.ts", [
    ...["--only", "adam", "--systems", "ours,tfjs", "--seconds", "0.02", "--quiet"],
  ], { permissions: PERMISSIONS });
  assertEquals(code, 0);
  const lines = stdout.trim().split("\n").map((line) => line.split(/ {2,}/));
  assertEquals(lines.map(([bench, who]) => [bench, who]), [
    ["bench", "system and form"],
    ["adam", "ours one pass"],
    ["adam", "tfjs composed"],
    ["", undefined],
    [lines[4][0], undefined],
    ["bench", "ours"],
    ["adam", "ours one pass"],
  ]);
  assert(lines[4][0].endsWith("; xN: N workers or threads, else one"), lines[4][0]);
  assertEquals(lines[6].slice(2, 5), ["5200000", "1", "tfjs composed"]);
});

Deno.test("bench refuses an unknown system", async () => {
  const { code, stdout, stderr } = await runScript("tasks/bench.ts", [
    ...["--systems", "ours,torch"],
  ]);
  assertEquals([code, stdout], [2, ""]);
  assertEquals(
    stderr,
    `error: Cannot use --systems: it must be a list of ${SYSTEMS.join(", ")}: ` +
      `found "torch"\n`,
  );
});

Deno.test("BENCHES and SYSTEMS have the names that readers of the JSON know", () => {
  assertEquals([...BENCHES], ["matmul", "predict", "train", "adam", "scaling"]);
  for (
    const name of ["ours", "ours-int8", "tfjs", "onnxruntime-web", "onnxruntime-node"]
  ) {
    assert(SYSTEMS.some((system) => system === name));
  }
});

testTasks(
  "bench:photograph refuses what is no photograph before it times anything",
  async () => {
    assertEquals(await runTask(ROOT, "bench:photograph", "LICENSE"), {
      ...{ code: 1, stdout: "" },
      stderr:
        'error: Cannot decode "LICENSE" as it must be a JPEG, PNG or WebP image: its first bytes are of no known kind; check the path\n',
    });
  },
);

Deno.test("secondsOf() adds up the user and system times that shells print", () => {
  assertEquals(secondsOf("0m1.50s 2m0.25s"), 121.75); // dash
  assertEquals(secondsOf("0m0.500s 0m0.125s"), 0.625); // bash
});
