/**
 * The library in a browser: bundled, loaded as a module, with a checkpoint over the
 * network.
 */

import { assertEquals } from "@std/assert";
import { SceneGraphPredictor } from "../mod.ts";
import { assertClose } from "./_assert.ts";
import { browser, reportOf } from "./_browser.ts";
import { serveFolder } from "./_checkout_server.ts";
import { smallCheckpointBytes } from "./_samples.ts";
import { runScript } from "./tasks/_run_script.ts";

const INPUT = {
  boxes: [[10, 10, 60, 90], [5, 60, 95, 99], [20, 0, 50, 20]] as const,
  imageWidth: 100,
  imageHeight: 100,
  entityLabels: ["man", "table", "hat"],
  entityScores: [0.8, 0.9, 0.7],
};

/** Predicts with what lies beside the bundle, or where the address says. */
const PAGE = `<!doctype html>
<title>Scene graph</title>
<script type="module">
  const report = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
  try {
    const { SceneGraphPredictor, drawOverImage } = await import("./scene_graph_predictor.js");
    const sgp = await SceneGraphPredictor.load("checkpoint.safetensors", {
      backend: "wasm",
      wasmPath: new URL(location).searchParams.get("wasmPath") ?? undefined,
    });
    const graph = await sgp.predict(${JSON.stringify(INPUT)}, { attention: true });
    let message;
    try {
      await sgp.predict({ ...${
  JSON.stringify(INPUT)
}, entityLabels: ["man", "tabel", "hat"] });
    } catch (error) {
      message = error.message;
    }
    const svg = drawOverImage(graph).slice(0, 4);
    await report({ graph, message, svg, crossOriginIsolated });
  } catch (error) {
    await report({ failure: String(error) });
  }
</script>
`;

Deno.test({
  name: "SceneGraphPredictor works in a browser as it does here",
  ignore: !browser,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const { code, stderr, stdout } = await runScript("tasks/bundle.ts", [
        "--json",
        "--no-types",
      ], {
        permissions: ["--allow-read", "--allow-write=dist"],
        cwd: folder,
        // The bundler of Deno fetches its esbuild when it is first used.
      });
      assertEquals([code, stderr], [0, ""]);
      const files = stdout.trim().split("\n").map((line) => JSON.parse(line).path);
      assertEquals(files.sort(), [
        "dist/example.html",
        "dist/kernels_plain.wasm",
        "dist/kernels_relaxed.wasm",
        "dist/scene_graph_predictor.js",
        "dist/tfjs-backend-wasm-simd.wasm",
        "dist/word_vectors.safetensors",
      ]);
      const checkpoint = smallCheckpointBytes();
      const open = async (query = "") => {
        await using server = serveFolder(`${folder}/dist`, {
          "index.html": PAGE,
          "checkpoint.safetensors": checkpoint,
        });
        const address = `${server.url}index.html${query}`;
        return JSON.parse(await reportOf(address, server.report));
      };
      const { graph, message, svg, crossOriginIsolated, failure } = await open();
      assertEquals([failure, svg, crossOriginIsolated], [undefined, "<svg", true]);
      assertEquals(
        message,
        'Cannot find the entity class "tabel" in the vocabulary: the nearest is "table"',
      );

      using sgp = await SceneGraphPredictor.load(checkpoint, { backend: "wasm" });
      const expected = await sgp.predict(INPUT, { attention: true });
      const plain = JSON.parse(JSON.stringify(expected));
      const scores = (of: typeof plain) =>
        [...of.entities, ...of.relations].map(({ score }) => score);
      assertClose(scores(graph), scores(plain), 1e-6, "scores");
      for (const { relations } of [graph, plain]) {
        for (const relation of relations) delete relation.score;
      }
      assertEquals(graph.relations, plain.relations);
      assertClose(
        Object.values(graph.attention[0].nodes),
        Object.values(plain.attention[0].nodes),
        1e-6,
      );
      assertEquals(graph.entities[0].box, [10, 10, 60, 90]);

      const name = "tfjs-backend-wasm-simd.wasm";
      await Deno.mkdir(`${folder}/dist/elsewhere`);
      await Deno.rename(`${folder}/dist/${name}`, `${folder}/dist/elsewhere/${name}`);
      const missing = await open();
      assertEquals(
        missing.failure,
        'Error: Cannot start the "wasm" backend: the .wasm files must lie where wasmPath says',
      );
      assertEquals((await open("?wasmPath=elsewhere/")).graph.entities, graph.entities);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
