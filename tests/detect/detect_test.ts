import { assertEquals, assertRejects } from "@std/assert";
import { runInNewContext } from "node:vm";
import { urlOf } from "../../src/address.ts";
import { detect } from "../../src/detect/detect.ts";
import type { Picture } from "../../src/detect/detector.ts";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { testInFolder } from "../_in_folder.ts";
import { smallCheckpointBytes } from "../_samples.ts";
import { exif, SAMPLES, withExif } from "./_sample_images.ts";

/** A detector that says how it sees the photograph. */
const detector = ({ width, height, data }: Picture) => ({
  ...{ imageWidth: width, imageHeight: height, classes: ["man", "horse"] },
  boxes: new Float32Array([0, 0, width, height]),
  beliefs: new Float32Array([data[0] / 255, 0]),
});

testInFolder(
  "detect() takes bytes, blobs, addresses, paths and pixels",
  async (folder) => {
    const path = `${folder}/50% #1.jpg`;
    const turned = withExif(SAMPLES.rgb, exif(6, true));
    await Deno.writeFile(path, turned);
    await using server = Deno.serve(
      { hostname: "localhost", port: 0, onListen() {} },
      ({ url }) =>
        url.endsWith("/a") ? new Response(turned) : new Response(null, { status: 404 }),
    );
    const address = `http://localhost:${server.addr.port}`;
    const sources = [
      turned,
      turned.buffer,
      new Blob([turned]),
      urlOf(path),
      path,
      `${address}/a`,
      new URL(`${address}/a`),
    ];
    for (const source of sources) {
      const { imageWidth, imageHeight, boxes } = await detect(source, { detector });
      assertEquals([imageWidth, imageHeight, ...boxes], [16, 24, 0, 0, 16, 24]);
    }
    const pixels = { width: 1, height: 1, data: new Uint8ClampedArray([255, 0, 0, 255]) };
    assertEquals((await detect(pixels, { detector })).beliefs[0], 1);
    await assertRejects(
      () => detect(`${address}/b`, { detector }),
      TypeError,
      `Cannot read the photograph "${address}/b": the server answers 404`,
    );
    await assertRejects(
      () => detect(`${folder}/none.jpg`, { detector }),
      TypeError,
      `Cannot read the photograph "${folder}/none.jpg" as it cannot be fetched`,
    );
  },
);

Deno.test("detect() refuses what is no photograph", async () => {
  const kinds = [undefined, null, 5, "", [1], {}, new Uint16Array(2), Promise.resolve()];
  for (const source of [...kinds, new Response(SAMPLES.rgb)]) {
    await assertRejects(
      () => detect(source as never, { detector }),
      TypeError,
      "Cannot read the photograph as it must be its bytes (Uint8Array, ArrayBuffer, Blob), its path or URL, or pixels { width, height, data }: found ",
    );
  }
  const pixels = { width: 2, height: 1, data: new Uint8ClampedArray(8) };
  for (
    const [change, message] of [
      [{ width: 3 }, "data must be 12 bytes, red, green, blue and alpha of 3 x 1 pixels"],
      [{ width: 1.5 }, "width must be a whole number above 0: found 1.5"],
      [{ height: 0 }, "height must be a whole number above 0: found 0"],
      [{ data: new Float32Array(8) }, "of 2 x 1 pixels: found Float32Array"],
      [{ data: undefined }, "of 2 x 1 pixels: found nothing"],
    ] as const
  ) {
    await assertRejects(
      () => detect({ ...pixels, ...change } as never, { detector }),
      Error,
      message,
    );
  }
});

Deno.test("detect() takes bytes and pixels of another frame or test runner", async () => {
  // Their constructors are others, so that instanceof does not know them.
  const pixels = { width: 2, height: 1, data: runInNewContext("new Uint8Array(8)") };
  const bytes = runInNewContext(`Uint8Array.of(${SAMPLES.rgb})`);
  assertEquals([pixels.data, bytes].map((list) => list instanceof Uint8Array), [
    false,
    false,
  ]);
  assertEquals((await detect(pixels, { detector })).imageWidth, 2);
  assertEquals((await detect(bytes, { detector })).imageWidth, 24);
});

Deno.test("predict() refuses what is no input, and works no more when disposed", async () => {
  const sgp = await SceneGraphPredictor.load(smallCheckpointBytes(), { backend: "wasm" });
  for (const [input, found] of [[undefined, "nothing"], [null, "null"], ["a", '"a"']]) {
    await assertRejects(
      () => sgp.predict(input as never),
      TypeError,
      `boxes and the size of their image: found ${found}`,
    );
  }
  sgp.dispose();
  sgp.dispose();
  await assertRejects(
    () => sgp.predictImage(SAMPLES.rgb, { detector }),
    Error,
    'Cannot predict as the predictor must not be used after "dispose()"',
  );
});

Deno.test("predictImage() predicts from what the detector finds", async () => {
  using sgp = await SceneGraphPredictor.load(smallCheckpointBytes(), { backend: "wasm" });
  const graph = await sgp.predictImage(SAMPLES.losslessWebp, { detector, k: 3 });
  assertEquals([graph.imageWidth, graph.imageHeight], [24, 16]);
  const found = await detect(SAMPLES.losslessWebp, { detector });
  assertEquals(graph, await sgp.predict(found, { k: 3 }));
});
