/**
 * Small parts of the benches: what they compute, compare and read.
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { contenders as adamContenders } from "../../benches/adam.ts";
import { checkOutputs } from "../../benches/_contender.ts";
import { fmaLimit, fmaLoop } from "../../benches/_fma_limit.ts";
import { benchConfig, makeImages } from "../../benches/_model.ts";
import { onnxContenders } from "../../benches/_peers_onnx.ts";
import { streamContenders, writeStream } from "../../benches/_stream.ts";
import { measurePart } from "../../benches/measure_part.ts";
import { type Part, SYSTEMS } from "../../benches/row.ts";
import { useBackend } from "../../src/kernels/backend.ts";
import { exists } from "../../src/files.ts";
import { Sgp } from "../../src/model/sgp.ts";
import { assertClose } from "../_assert.ts";
import { testInFolder } from "../_in_folder.ts";

/** The garbage collector that V8 exposes on request. */
const GLOBAL = globalThis as { gc?: () => void };

/** A part that takes no time, with some changes. */
function smallPart(values: Partial<Part>): Part {
  return {
    ...{ bench: "scaling", n: 3, batch: 2, hidden: 8, seconds: 0.02, systems: SYSTEMS },
    ...values,
  };
}

Deno.test("measurePart() reads a dataset of random images and removes it", async () => {
  const part = smallPart({ work: "stream", images: 40, batch: 20 });
  const rows = await measurePart(part);
  assertEquals(
    rows.map(({ bench, work, system, images, batch, workers }) => [
      ...[bench, work, system, images, batch, workers],
    ]),
    [["scaling", "stream", "ours", 40, 20, 1]],
  );
  const [{ median_ms, images_per_s, peak_mb, idle_mb }] = rows;
  assertClose([images_per_s!], [40_000 / median_ms], 1e-6);
  assert(peak_mb >= idle_mb && idle_mb > 10);
  assert(!await exists("data/processed/bench_40"));
});

Deno.test("measurePart() trains and predicts on one worker for scaling", async () => {
  for (const work of ["train", "predict"] as const) {
    const rows = await measurePart(smallPart({ work }));
    assertEquals(
      rows.map(({ work, system, form, n, batch, workers }) => [
        ...[work, system, form, n, batch, workers],
      ]),
      [[work, "ours", "factored", 3, 2, 1]],
    );
    const [{ median_ms, images_per_s, gflops }] = rows;
    assertClose([images_per_s!], [2000 / median_ms], 1e-6);
    assert(gflops! > 0);
  }
});

testInFolder(
  "streamContenders() reads datasets once after the same warm-up, for the memory",
  async (folder) => {
    await useBackend("wasm");
    const { predict } = Sgp.prototype, { gc } = GLOBAL;
    let read = 0, collections = 0;
    Sgp.prototype.predict = function (images) {
      read += images.length;
      return predict.call(this, images);
    };
    try {
      const memory = { warmUp: { limit: 5, passes: 3 }, collectEvery: 2 };
      for (const images of [6, 11]) {
        await writeStream(`${folder}/${images}`, images);
        const part = smallPart({ work: "stream", images, folder: `${folder}/${images}` });
        const { run, alone } = await streamContenders(part, memory)[0].start();
        await run();
        assertEquals([read, collections], [images, 0]);

        GLOBAL.gc = () => void collections++;
        await alone!();
        assertEquals(read, images + 3 * 5 + images);
        assertEquals(collections, Math.floor((3 * 5 + images) / 2));

        GLOBAL.gc = undefined;
        await assertRejects(
          () => alone!(),
          Error,
          "Cannot measure memory without garbage: start Deno with --v8-flags=--expose-gc",
        );
        read = collections = 0;
      }
    } finally {
      Sgp.prototype.predict = predict;
      GLOBAL.gc = gc;
    }
  },
);

Deno.test("adam compares what is there after three updates", async () => {
  await useBackend("wasm");
  const contenders = adamContenders(smallPart({ bench: "adam", n: 4 }));
  const updating = contenders.filter(({ system }) => system !== "copy");
  assertEquals(updating.map(({ system, form }) => [system, form]), [
    ["ours", "one pass"],
    ["tfjs", "composed"],
  ]);
  for (const { start } of updating) {
    const runner = await start();
    await runner.run();
    const [value, first, second] = await runner.outputs!();
    const gradients = [-1, -0.5, 0, 0.5];
    // m = (1 - 0.9^3) g and v = (1 - 0.999^3) g^2 after three equal gradients.
    assertClose(first, gradients.map((g) => (1 - 0.9 ** 3) * g), 1e-6, "first");
    assertClose(second, gradients.map((g) => (1 - 0.999 ** 3) * g * g), 1e-8, "second");
    let step = 0;
    for (const t of [1, 2, 3]) step += (1 - 0.9 ** t) / Math.sqrt(1 - 0.999 ** t);
    const moved = gradients.map((g) => -1e-4 * step * Math.sign(g));
    assertClose(value, moved, 1e-8, "value");
  }
});

Deno.test("onnxContenders() are held to 1e-4", () => {
  const config = benchConfig(8), [image] = makeImages(1, 2);
  for (const contender of onnxContenders(config, image, 1)) {
    checkOutputs(contender, [[1.00005]], [[1]]);
    assertThrows(
      () => checkOutputs(contender, [[1.0002]], [[1]]),
      Error,
      "must be within 0.0001 of ours",
    );
  }
});

Deno.test("fmaLoop() names what an engine without relaxed SIMD lacks", () => {
  const { validate } = WebAssembly;
  WebAssembly.validate = () => false;
  try {
    for (const make of [fmaLoop, fmaLimit]) {
      assertThrows(
        make,
        Error,
        "Cannot measure the FMA limit: this engine lacks WebAssembly relaxed SIMD",
      );
    }
  } finally {
    WebAssembly.validate = validate;
  }
  fmaLoop()();
});
