/**
 * Photographs in a browser: decoded by it, with the network over the network.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { detect } from "../mod.ts";
import { centernetFolder } from "../src/deps/centernet.ts";
import { assertClose } from "./_assert.ts";
import { browser, reportOf } from "./_browser.ts";
import { serveFolder } from "./_checkout_server.ts";
import { DATA, isMissing } from "./_fixtures.ts";
import { inFolder } from "./_in_folder.ts";
import { ROOT, runScript } from "./tasks/_run_script.ts";
import { exif, SAMPLES, withExif } from "./detect/_sample_images.ts";

const PHOTOGRAPH = `${DATA}/photos/person.jpg`;

const PAGE = `<!doctype html>
<title>Photographs</title>
<script type="module">
  const report = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
  try {
    const { SceneGraphPredictor, detect, loadDetector } = await import("./scene_graph_predictor.js");
    const sgp = await SceneGraphPredictor.load("model.safetensors", { backend: "wasm" });
    const progress = [];
    const detector = await loadDetector("centernet", {
      backend: "wasm",
      modelFolder: "models",
      onProgress: (...bytes) => progress.push(bytes),
    });
    const blob = await (await fetch("person.jpg")).blob();
    const graph = await sgp.predictImage(blob, { detector, k: 5 });
    const { boxes, beliefs } = await detect("person.jpg", { detector });
    const turned = await detect("turned.jpg", { detector });
    const messageOf = (image) => detect(image, { detector }).catch((error) => error.message);
    await report({
      graph,
      boxes: [...boxes],
      beliefs: [...beliefs],
      turned: [turned.imageWidth, turned.imageHeight],
      progress: progress.at(-1),
      messages: [await messageOf("cut.jpg"), await messageOf("page.html")],
    });
  } catch (error) {
    await report({ failure: String(error.stack ?? error) });
  }
</script>
`;

Deno.test({
  name: "predictImage() works in a browser as it does here",
  ignore: !browser || isMissing(PHOTOGRAPH),
  fn: () =>
    inFolder(async (folder) => {
      const { code, stderr } = await runScript("tasks/bundle.ts", [
        "--no-types",
        "--json",
      ], {
        permissions: ["--allow-read", "--allow-write=dist"],
        cwd: folder,
      });
      assertEquals([code, stderr], [0, ""]);
      const models = await centernetFolder();
      const model = async (name: string) => await Deno.readFile(new URL(name, models));
      const checkpoint = await Deno.readFile(
        `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`,
      );
      const photograph = await Deno.readFile(PHOTOGRAPH);
      await using server = serveFolder(`${folder}/dist`, {
        "index.html": PAGE,
        "model.safetensors": checkpoint,
        "person.jpg": photograph,
        "turned.jpg": withExif(SAMPLES.rgb, exif(6, true)),
        "cut.jpg": SAMPLES.rgb.subarray(0, 300),
        "page.html": "<!doctype html>",
        "models/centernet.json": await model("centernet.json"),
        "models/centernet.bin": await model("centernet.bin"),
      });
      const report = JSON.parse(
        await reportOf(`${server.url}index.html`, server.report),
      );
      assertEquals(report.failure, undefined);
      const { graph, boxes, beliefs, turned, progress, messages } = report;
      assertEquals(turned, [16, 24]);
      assertEquals(progress, [4_030_290, 4_030_290]);
      assertStringIncludes(messages[0], "the file is damaged: it ends too early");
      assertStringIncludes(messages[1], "it must be an image that this browser knows");

      // The two decoders of JPEG differ a little in colours between pixels, so of boxes the
      // two likeliest are compared, whose beliefs are far from the threshold.
      const here = await detect(photograph, { backend: "wasm" });
      assertEquals([graph.imageWidth, graph.imageHeight], [640, 424]);
      assertClose(boxes.slice(0, 8), here.boxes.slice(0, 8), 3, "boxes");
      assertClose(beliefs.slice(0, 160), here.beliefs.slice(0, 160), 0.03, "beliefs");
      assertEquals(beliefs.length, boxes.length / 4 * 80);
      type Entity = { detected: { label: string } };
      assertEquals(
        graph.entities.slice(0, 2).map(({ detected }: Entity) => detected.label),
        ["person", "dog"],
      );
    }),
});
