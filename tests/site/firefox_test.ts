/** The page in Firefox: a photograph gives the graph of Deno. With SGP_LONG_TESTS. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SiteServer, Visitor } from "../../benches/site_visit.ts";
import { detect, SceneGraphPredictor } from "../../mod.ts";
import { isMissing } from "../_fixtures.ts";
import { isThere } from "../_programs.ts";
import { IS_LONG } from "../_usually.ts";
import { ROOT } from "../tasks/_run_script.ts";
import { assertSameGraph } from "./_same_graph.ts";
import { builtSite } from "./_site.ts";
import { PHOTOGRAPH, pngOf } from "./_visit.ts";

const hasFirefox = isThere("firefox");
if (!hasFirefox) console.warn("No Firefox: the page is not tested in it");

Deno.test({
  name: "site: a photograph gives the graph of Deno, in Firefox",
  ignore: !IS_LONG || !hasFirefox || isMissing(PHOTOGRAPH),
  fn: async () => {
    await using server = new SiteServer(await builtSite());
    await using visitor = await Visitor.open(server.url, { browser: "firefox" });
    assert(server.bytes < 1.5e6, `${server.bytes} bytes before a picture is chosen`);
    const png = await pngOf(visitor, await Deno.readFile(PHOTOGRAPH));
    await visitor.choose("picture.png", png);
    assertEquals(await visitor.outcome("picture.png"), undefined);
    assert(server.bytes < 12e6, `${server.bytes} bytes in all`);
    assertStringIncludes(await visitor.text("#backend-used"), "wasm");
    assertEquals(await visitor.excess(), 0);
    const found = await visitor.savedGraph("picture");

    using predictor = await SceneGraphPredictor.load(
      `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`,
      { backend: "wasm" },
    );
    const detections = await detect(png, { backend: "wasm" });
    assertSameGraph(found, await predictor.predict(detections, { k: 20 }));
    assertEquals(visitor.complaints, []);
  },
});
