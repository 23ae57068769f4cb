/** The page in WebKit: a photograph gives the graph of Deno. With SGP_LONG_TESTS. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SiteServer } from "../../benches/site_visit.ts";
import { detect, SceneGraphPredictor } from "../../mod.ts";
import { decodeImage } from "../../src/detect/decode_image.ts";
import { encodePng } from "../deps_png.ts";
import { isMissing } from "../_fixtures.ts";
import { isInPath } from "../_programs.ts";
import { IS_LONG } from "../_usually.ts";
import { ROOT } from "../tasks/_run_script.ts";
import { assertSameGraph } from "./_same_graph.ts";
import { builtSite } from "./_site.ts";
import { PHOTOGRAPH } from "./_visit.ts";
import { WEBKIT, WebKitVisitor } from "./_webkit.ts";

const hasWebKit = WEBKIT.every(isInPath);
if (!hasWebKit) {
  console.warn(`No ${WEBKIT.join(" and ")}: the page is not tested in WebKit`);
}

Deno.test({
  name:
    "site: a photograph gives the graph of Deno, in WebKit, and then without a network",
  ignore: !IS_LONG || !hasWebKit || isMissing(PHOTOGRAPH),
  fn: async () => {
    const server = new SiteServer(await builtSite());
    await using visitor = await WebKitVisitor.open(server.url);
    assert(server.bytes < 1.5e6, `${server.bytes} bytes before a picture is chosen`);
    const { width, height, data } = await decodeImage(await Deno.readFile(PHOTOGRAPH));
    const png = await encodePng({ width, height, data: Uint8ClampedArray.from(data) });
    await visitor.choose("picture.png", png);
    assertEquals(await visitor.outcome("picture.png"), undefined);
    assert(server.bytes < 12e6, `${server.bytes} bytes in all`);
    assertStringIncludes(await visitor.text("#backend-used"), "wasm");
    const found = await visitor.savedGraph();

    using predictor = await SceneGraphPredictor.load(
      `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`,
      { backend: "wasm" },
    );
    const detections = await detect(png, { backend: "wasm" });
    assertSameGraph(found, await predictor.predict(detections, { k: 20 }));

    await server[Symbol.asyncDispose]();
    await visitor.driver.navigate().refresh();
    await visitor.choose("again.png", png);
    assertEquals(await visitor.outcome("again.png"), undefined);
    assertSameGraph(await visitor.savedGraph(), found);
  },
});
