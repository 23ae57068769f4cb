/** Graphs of the page: of a photograph, on WebGPU, of a camera. With SGP_LONG_TESTS. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SiteServer, Visitor } from "../../benches/site_visit.ts";
import { detect, SceneGraphPredictor } from "../../mod.ts";
import { axeScript } from "../deps_axe.ts";
import { ROOT } from "../tasks/_run_script.ts";
import { assertSameGraph } from "./_same_graph.ts";
import { builtSite, partsOf, textOf } from "./_site.ts";
import { PHOTOGRAPH, pngOf, visit } from "./_visit.ts";

visit("a photograph gives the graph of Deno, and then without a network", async () => {
  const server = new SiteServer(await builtSite());
  await using visitor = await Visitor.open(server.url);
  const before = server.bytes;
  assert(before < 1.5e6, `${before} bytes before a picture is chosen`);
  const jpeg = await Deno.readFile(PHOTOGRAPH);
  const png = await pngOf(visitor, jpeg);
  await visitor.choose("picture.png", png);
  assertEquals(await visitor.outcome("picture.png"), undefined);
  assert(server.bytes < 12e6, `${server.bytes} bytes in all`);
  assertStringIncludes(await visitor.text("#backend-used"), "wasm");
  const found = await visitor.savedGraph("picture");

  using predictor = await SceneGraphPredictor.load(
    `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`,
    { backend: "wasm" },
  );
  const detections = await detect(png, { backend: "wasm" });
  assertSameGraph(found, await predictor.predict(detections, { k: 20 }));

  await visitor.choose("picture.jpg", jpeg);
  assertEquals(await visitor.outcome("picture.jpg"), undefined);
  const names = (graph: typeof found) =>
    graph.entities.map(({ label }: { label: string }) => label);
  assertEquals(names(await visitor.savedGraph("picture")), names(found));

  await server[Symbol.asyncDispose]();
  const sent = server.bytes;
  await visitor.page.reload({ waitUntil: "load" });
  await visitor.choose("again.png", png);
  assertEquals(await visitor.outcome("again.png"), undefined);
  assertSameGraph(await visitor.savedGraph("again"), found);
  assertEquals([server.bytes, visitor.complaints], [sent, []]);
}, true);

visit("WebGPU gives the same graph of a drawing", async () => {
  const files = await builtSite();
  await using server = new SiteServer(files);
  const flags = ["--enable-unsafe-webgpu", "--enable-features=Vulkan"];
  await using visitor = await Visitor.open(server.url, {
    flags: [...flags, "--use-webgpu-adapter=swiftshader"],
  });
  const isHere = `!document.querySelector('#backend [value="webgpu"]').disabled`;
  const { page } = visitor;
  if (!await page.waitForFunction(isHere, { timeout: 20_000 }).catch(() => undefined)) {
    return console.warn("Skipped: this Chromium has no adapter for WebGPU");
  }
  await page.select("#backend", "webgpu");
  const [{ title, input }] = partsOf(files).examples;
  await visitor.click(".examples button");
  assertEquals(await visitor.outcome(title), undefined);
  assertStringIncludes(await visitor.text("#backend-used"), "webgpu");
  using predictor = await SceneGraphPredictor.load(
    `${ROOT}checkpoints/gpi_linguistic_pretrained.safetensors`,
    { backend: "wasm" },
  );
  const graph = await predictor.predict(JSON.parse(textOf(files[input])), { k: 20 });
  assertSameGraph(await visitor.savedGraph("Farm_ riding lesson"), graph);
});

visit("the camera runs, and gives a picture", async () => {
  await using server = new SiteServer(await builtSite());
  await using visitor = await Visitor.open(server.url);
  const { page } = visitor;
  await visitor.click("[data-camera]");
  await page.waitForFunction(
    `!document.getElementById("error").hidden || /a second/.test(document.getElementById("rate").textContent)`,
    { timeout: 120_000 },
  );
  assertEquals(await visitor.text("#error-text"), "");
  assertEquals(await visitor.faults(await axeScript()), []);
  await visitor.click("#take");
  assertEquals(await visitor.outcome("Photograph of the camera"), undefined);
  const isLive = await page.evaluate(() =>
    document.querySelector<HTMLVideoElement>("#video")!.srcObject !== null
  );
  assertEquals([isLive, visitor.complaints], [false, []]);
});
