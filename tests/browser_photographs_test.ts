/**
 * Photographs in a browser: decoded by it, with the network over the network.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { SceneGraphPredictor } from "../mod.ts";
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
      const { code, stderr } = await runScript("tasks/bundle.ts", ["--json"], {
        permissions: ["--allow-read", "--allow-write=dist"],
        cwd: folder,
        mayDownload: true,
      });
      assertEquals([code, stderr], [0, ""]);
      const models = await centernetFolder();
      const model = async (name: string) => await Deno.readFile(new URL(name, models));
      const checkpoint = await Deno.readFile(
        `${ROOT}checkpoints/gpi_linguistic_pretrained.safetensors`,
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

      using sgp = await SceneGraphPredictor.load(checkpoint, { backend: "wasm" });
      const here = await sgp.predictImage(photograph, { k: 5 });
      assertEquals([graph.imageWidth, graph.imageHeight], [640, 424]);
      type Entity = { label: string; score: number };
      const labels = ({ entities }: { entities: Entity[] }) =>
        entities.map(({ label }) => label);
      assertEquals(labels(graph), labels({ entities: [...here.entities] }));
      // The two decoders of JPEG differ a little in colours between pixels.
      assertClose(
        graph.entities.map(({ score }: Entity) => score),
        here.entities.map(({ score }) => score),
        0.05,
      );
      assertEquals(beliefs.length, boxes.length / 4 * 80);
    }),
});
