/** The files of the site, and a visit. */

import { assert, assertEquals } from "@std/assert";
import type { SiteFile, SiteFiles } from "../../site/files.ts";
import { sha256 } from "../../src/checksum.ts";
import { SceneGraphPredictor } from "../../mod.ts";
import { assertClose } from "../_assert.ts";
import { browser } from "../_browser.ts";
import { ROOT } from "../tasks/_run_script.ts";
import { builtSite, SiteServer, Visitor } from "./_site.ts";

const MEGABYTE = 1e6;

function partsOf(html: string): SiteFiles {
  const [, json] = html.match(/id="files">([^<]*)</)!;
  return JSON.parse(json);
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const sizeOf = (files: readonly SiteFile[]) =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

Deno.test("the site lists its files with their content, and is small", async () => {
  const files = await builtSite();
  const { shell, groups, examples } = partsOf(text(files["index.html"]));
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
  const html = text(files["index.html"]);
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
    await visitor.assertFits();
    const [{ title, input }] = partsOf(text(files["index.html"])).examples;
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
    const graph = await predictor.predict(JSON.parse(text(files[input])), { k: 20 });
    assertEquals(image, title);
    assertSame({ entities, relations }, graph);
    const listed = await visitor.text("#relations li .triplet");
    const [{ subject, predicate, object }] = graph.relations;
    assert(listed.startsWith(graph.entities[subject].label), listed);
    assert(listed.includes(` ${predicate} ${graph.entities[object].label}`), listed);
  },
});

type Graph = Pick<
  Awaited<ReturnType<SceneGraphPredictor["predict"]>>,
  "entities" | "relations"
>;

/** The same labels, and scores within 1e-4. */
function assertSame(found: Graph, expected: Graph): void {
  const labels = ({ entities }: Graph) => entities.map(({ label }) => label);
  assertEquals(labels(found), labels(expected));
  const names = ({ relations }: Graph) =>
    relations.map((each) => [each.subject, each.predicate, each.object].join(" ")).sort();
  assertEquals(names(found), names(expected));
  const scores = ({ entities, relations }: Graph) =>
    [...entities, ...relations].map(({ score }) => score);
  assertClose(scores(found), scores(expected), 1e-4);
}
