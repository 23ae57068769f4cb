import { assertEquals, assertRejects } from "@std/assert";
import { loadDetector } from "../../src/detect/detect.ts";
import { assertClose } from "../_assert.ts";
import { inFolder } from "../_in_folder.ts";
import { IS_LONG } from "../_usually.ts";

/**
 * A model of the kind YOLOS, written by the Python package onnx 1.23: two boxes, of two
 * classes and "nothing". The logits of the first are 4 times the mean red (0 to 1), 0 and 0,
 * and its box has the middle (0.5, 0.25) and the sizes 0.5; the second is nothing.
 */
const MODEL = Uint8Array.fromBase64(
  "CAg6jgUKNwoMcGl4ZWxfdmFsdWVzCgRheGVzEgRtZWFuIgpSZWR1Y2VNZWFuKg8KCGtlZXBkaW1zGACgAQIK" +
    "IgoEbWVhbgoEemVybwoDb25lCgNvbmUSA3JlZCIFU2xpY2UKGwoDcmVkCgVzaGFwZRIEcmVkMyIHUmVzaGFw" +
    "ZQoaCgRyZWQzCgdmYWN0b3JzEgRwYXJ0IgNNdWwKGQoEcGFydAoEYmFzZRIGbG9naXRzIgNBZGQKGwoEcmVk" +
    "MwoHbm9ib3hlcxIFemVyb3MiA011bAofCgV6ZXJvcwoFYm94ZXMSCnByZWRfYm94ZXMiA0FkZBIBZyocCAIQ" +
    "B0IEYXhlc0oQAgAAAAAAAAADAAAAAAAAACoUCAEQB0IEemVyb0oIAAAAAAAAAAAqEwgBEAdCA29uZUoIAQAA" +
    "AAAAAAAqJQgDEAdCBXNoYXBlShgBAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAAqKwgBCAIIAxABQgdmYWN0b3Jz" +
    "ShgAAIBAAAAAAAAAAAAAAAAAAAAAAAAAAAAqKAgBCAIIAxABQgRiYXNlShgAAAAAAAAAAAAAAAAAAIDAAACA" +
    "wAAAgEAqMwgBCAIIBBABQgdub2JveGVzSiAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACoxCAEI" +
    "AggEEAFCBWJveGVzSiAAAAA/AACAPgAAAD8AAAA/AAAAPwAAAD8AAIA/AACAP1opCgxwaXhlbF92YWx1ZXMS" +
    "GQoXCAESEwoDEgFiCgIIAwoDEgFoCgMSAXdiHQoGbG9naXRzEhMKEQgBEg0KAxIBYgoCCAIKAggDYiEKCnBy" +
    "ZWRfYm94ZXMSEwoRCAESDQoDEgFiCgIIAgoCCARCBAoAEBI=",
);
const CONFIG = {
  model_type: "yolos",
  architectures: ["YolosForObjectDetection"],
  id2label: { 0: "red thing", 1: "other" },
};
const PROCESSOR = {
  ...{ image_processor_type: "YolosImageProcessor", do_resize: true, resample: 2 },
  size: { shortest_edge: 16, longest_edge: 32 },
  ...{ do_rescale: true, rescale_factor: 1 / 255, do_normalize: false },
};

/** The package is 350 MB, so it is fetched for this test only if it is asked for. */
const isWanted = await isPackageThere();
if (!isWanted) {
  console.warn("Skipped: @huggingface/transformers is not in the cache; SGP_LONG_TESTS");
}

async function isPackageThere(): Promise<boolean> {
  if (IS_LONG) return true;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout));
  const path = "registry.npmjs.org/@huggingface/transformers/4.3.2/package.json";
  return await Deno.stat(`${npmCache}/${path}`).then(() => true, () => false);
}

Deno.test({
  name: "a model of transformers.js finds boxes in pixels of the photograph",
  ignore: !isWanted,
  sanitizeResources: false, // the package keeps its own
  sanitizeOps: false,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/tiny/onnx`, { recursive: true });
      await Deno.writeFile(`${folder}/tiny/onnx/model.onnx`, MODEL);
      await Deno.writeTextFile(`${folder}/tiny/config.json`, JSON.stringify(CONFIG));
      await Deno.writeTextFile(
        `${folder}/tiny/preprocessor_config.json`,
        JSON.stringify(PROCESSOR),
      );
      using detector = await loadDetector(`transformers:${folder}/tiny/`);
      const red = Array(64 * 32).fill([255, 0, 102, 255]).flat();
      const found = await detector.detect({
        ...{ width: 64, height: 32 },
        data: Uint8ClampedArray.from(red),
      });
      assertEquals([found.imageWidth, found.imageHeight, found.classes], [
        64,
        32,
        ["red thing"],
      ]);
      assertClose(found.boxes, [16, 0, 48, 16], 1e-4);
      const e4 = Math.exp(4);
      assertClose(found.beliefs, [e4 / (e4 + 2)], 1e-5);
      using strict = await loadDetector(`transformers:${folder}/tiny`, {
        minBelief: 0.97,
      });
      const none = await strict.detect({
        ...{ width: 64, height: 32 },
        data: Uint8ClampedArray.from(red),
      });
      assertEquals(none.boxes.length, 0);
      await assertRejects(
        () => loadDetector(`transformers:${folder}/none`),
        TypeError,
        `Cannot load the detector "transformers:${folder}/none": `,
      );
    }),
});
