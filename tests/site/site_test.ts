/** The files of the site, and a visit. */

import { assert, assertEquals } from "@std/assert";
import type { SiteFile } from "../../site/files.ts";
import { sha256 } from "../../src/checksum.ts";
import { SceneGraphPredictor } from "../../mod.ts";
import { SiteServer, Visitor } from "../../benches/site_visit.ts";
import { browser } from "../_browser.ts";
import { ROOT } from "../tasks/_run_script.ts";
import { assertSameGraph } from "./_same_graph.ts";
import { builtSite, partsOf, textOf } from "./_site.ts";

const MEGABYTE = 1e6;

const sizeOf = (files: readonly SiteFile[]) =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

Deno.test("the site lists its files with their content, and is small", async () => {
  const files = await builtSite();
  const { shell, groups, examples } = partsOf(files);
  const listed = [...shell, ...Object.values(groups).flat()];
  for (const { path, bytes, sha256: sum } of listed) {
    assertEquals([files[path].length, sha256(files[path])], [bytes, sum], path);
  }
  assertEquals(
    [...listed.map(({ path }) => path), "index.html", "service_worker.js"].sort(),
    Object.keys(files).sort(),
  );
  assertEquals(examples.length, 6);
  for (const { picture, input } of examples) assert(files[picture] && files[input]);

  // The service worker fetches the page again when it is installed.
  const page = 2 * (sizeOf(shell) + files["index.html"].length) +
    files["service_worker.js"].length;
  assert(page < 1.5 * MEGABYTE, `${page} bytes before a picture is chosen`);
  const all = page + sizeOf(Object.values(groups).flat());
  assert(all < 12 * MEGABYTE, `${all} bytes in all`);
});

Deno.test("the site names no other host, and allows none", async () => {
  const files = await builtSite();
  const html = textOf(files["index.html"]);
  const [, policy] = html.match(/Content-Security-Policy"\s+content="([^"]*)"/)!;
  assert(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"));
  assert(!/unsafe|https?:|\*/.test(policy), policy);
  const addresses = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to]) => to);
  assert(addresses.length > 4);
  for (const address of addresses) assert(!/^(\/|\w+:)/.test(address), address);
  assert(!/ on\w+=/.test(html), "the page has scripts in attributes");
});

Deno.test({
  name: "the site shows the graph of a drawing, the same as in Deno",
  ignore: !browser,
  fn: async () => {
    const files = await builtSite();
    await using server = new SiteServer(files);
    await using visitor = await Visitor.open(server.url);
    assert(server.bytes < 1.5 * MEGABYTE, `${server.bytes} bytes at first`);
    assertEquals(await visitor.excess(), 0);
    const [{ title, input }] = partsOf(files).examples;
    await visitor.click(".examples button");
    assertEquals(await visitor.outcome(title), undefined);
    const { relations, entities, image } = await visitor.savedGraph(
      "Farm_ riding lesson",
    );
    assertEquals(visitor.complaints, []);

    using predictor = await SceneGraphPredictor.load(
      `${ROOT}checkpoints/gpi_linguistic_pretrained.safetensors`,
      { backend: "wasm" },
    );
    const graph = await predictor.predict(JSON.parse(textOf(files[input])), { k: 20 });
    assertEquals(image, title);
    assertSameGraph({ entities, relations }, graph);
    const listed = await visitor.text("#relations li .triplet");
    const [{ subject, predicate, object }] = graph.relations;
    assert(listed.startsWith(graph.entities[subject].label), listed);
    assert(listed.includes(` ${predicate} ${graph.entities[object].label}`), listed);
  },
});
