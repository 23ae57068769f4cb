import { assert, assertEquals, assertRejects } from "@std/assert";
import "../../src/deps/cpu.ts";
import { tf } from "../../src/deps/tf.ts";
import type { Detections } from "../../src/detections.ts";
import { CenterNet } from "../../src/detect/centernet.ts";
import { decodeImage } from "../../src/detect/decode_image.ts";
import { assertClose } from "../_assert.ts";
import { DATA, isMissing } from "../_fixtures.ts";
import { testInFolder } from "../_in_folder.ts";
import { SAMPLES } from "./_sample_images.ts";

/** The beliefs of the box that is nearest to some sides. */
function beliefsAt(found: Detections, box: readonly number[]): Record<string, number> {
  const k = found.classes.length;
  const far = Array.from(
    { length: found.boxes.length / 4 },
    (_, i) => Math.max(...box.map((side, j) => Math.abs(side - found.boxes[4 * i + j]))),
  );
  const i = far.indexOf(Math.min(...far));
  assert(far[i] < 12, `no box near ${box}`);
  return Object.fromEntries(
    found.classes.map((name, j) => [name, found.beliefs[i * k + j]]),
  );
}

// The figures are of a run of the network in another program, with the photograph stretched
// to 512 x 512.
Deno.test({
  name: "CenterNet doubts look-alikes as it does elsewhere",
  ignore: isMissing(`${DATA}/photos`),
  fn: async () => {
    using detector = await CenterNet.load({ backend: "wasm" });
    const detect = async (name: string) =>
      await detector.detect(
        await decodeImage(await Deno.readFile(`${DATA}/photos/${name}.jpg`)),
      );
    const person = await detect("person");
    assertEquals([person.imageWidth, person.imageHeight], [640, 424]);
    const { horse, sheep, cow } = beliefsAt(person, [397, 136, 602, 342]);
    assertClose([horse, sheep, cow], [0.3, 0.27, 0.25], 0.02);
    const { car, truck } = beliefsAt(await detect("dog"), [472, 82, 683, 165]);
    assertClose([car, truck], [0.55, 0.32], 0.02);
    const horses = await detect("horses");
    const right = beliefsAt(horses, [433, 209, 602, 346]);
    assertClose([right.horse, right.cow], [0.66, 0.26], 0.02);
    assert(horses.boxes.some((side) => side < -1), "a box sticks out");
  },
});

Deno.test("CenterNet is a guest of the program's TensorFlow.js, and leaves nothing", async () => {
  await tf.setBackend("cpu");
  const picture = await decodeImage(SAMPLES.rgb), before = tf.memory().numTensors;
  const detector = await CenterNet.load({ backend: "wasm" });
  const { numTensors } = tf.memory();
  assert(numTensors > before);
  for (let time = 0; time < 2; time++) {
    const detecting = detector.detect(picture);
    assertEquals(tf.getBackend(), "cpu");
    assertEquals((await detecting).imageWidth, 24);
    assertEquals([tf.getBackend(), tf.memory().numTensors], ["cpu", numTensors]);
  }
  detector.dispose();
  detector.dispose();
  assertEquals([tf.getBackend(), tf.memory().numTensors], ["cpu", before]);
  const message = 'the detector must not be used after "dispose()"';
  await assertRejects(() => detector.detect(picture), Error, message);
});

Deno.test("CenterNet.load() refuses a threshold that none can pass", async () => {
  for (const minBelief of [0, 1.1, NaN]) {
    await assertRejects(
      () => CenterNet.load({ minBelief }),
      RangeError,
      `Cannot detect as minBelief must be in (0, 1]: current value is ${minBelief}`,
    );
  }
});

testInFolder("CenterNet.load() says what is wrong with a folder", async (folder) => {
  const load = () => CenterNet.load({ modelFolder: folder, backend: "wasm" });
  await assertRejects(load, TypeError, `centernet.json" cannot be fetched`);
  const json = `${folder}/centernet.json`, bin = `${folder}/centernet.bin`;
  await Deno.writeTextFile(json, "<!doctype html>");
  await assertRejects(load, SyntaxError, "it looks like a web page (HTML)");
  await Deno.writeTextFile(json, `{"modelTopology": 1}`);
  await assertRejects(load, SyntaxError, "must be a graph model of TensorFlow.js: it is");
  const weights = [
    { name: "a", shape: [2, 3], dtype: "float32", quantization: { dtype: "float16" } },
    { name: "b", shape: [], dtype: "int32" },
  ];
  await Deno.writeTextFile(
    json,
    JSON.stringify({ modelTopology: {}, weightsManifest: [{ weights }] }),
  );
  await Deno.writeFile(bin, new Uint8Array(15));
  await assertRejects(load, SyntaxError, `must have the 16 bytes that`);
});
