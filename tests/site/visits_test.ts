/**
 * Visits of the site: a slow network, a new version, a keyboard, readers of screens, hostile
 * names. With SGP_LONG_TESTS.
 */

import { assert, assertEquals } from "@std/assert";
import { SiteServer, Visitor } from "../../benches/site_visit.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { siteFiles } from "../../tasks/_cli/site/files.ts";
import { axeScript } from "../deps_axe.ts";
import { builtSite, partsOf, textOf } from "./_site.ts";
import { PHOTOGRAPH, visit } from "./_visit.ts";

visit("a slow network shows its progress, and the page stays in use", async () => {
  await using server = new SiteServer(await builtSite());
  await using visitor = await Visitor.open(server.url, { width: 360 });
  const { page } = visitor;
  const slow = { upload: 50_000, download: 400_000, latency: 100 };
  await page.emulateNetworkConditions(slow);
  await visitor.choose("picture.jpg", await Deno.readFile(PHOTOGRAPH));
  await page.waitForFunction(
    `[...document.querySelectorAll("progress")].some(({ value, max }) => value > 0 && value < max)`,
    { timeout: 60_000 },
  );
  const [program, detector, network] = await page.evaluate(() =>
    [...document.querySelectorAll("#progress li")].map((item) => item.textContent)
  );
  assert(/^Program[\d.]+ [kM]B of [\d.]+ MB$/.test(program), program);
  assert(/^Detector of things\d.* of 4\.2 MB$/.test(detector), detector);
  assert(/^Network of relations\d.* of [\d.]+ MB$/.test(network), network);
  assertEquals(await visitor.excess(), 0);
  await visitor.click("[data-start]");
  assertEquals(
    await page.evaluate(() => document.documentElement.dataset.state),
    "start",
  );
  await page.emulateNetworkConditions(null);
}, true);

visit("a new version is offered, and replaces the old one", async () => {
  const [old, fresh] = [await builtSite(), await siteFiles(false)];
  await using server = new SiteServer(old);
  await using visitor = await Visitor.open(server.url);
  const { page } = visitor;
  const { title } = partsOf(old).examples[0];
  await visitor.click(".examples button");
  assertEquals(await visitor.outcome(title), undefined);
  const cached = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(
        names.map(async (name) => await (await caches.open(name)).keys()),
      );
      const paths = requests.flat().map(({ url }) => url.split("/a%20path/")[1]);
      return [names.length, paths.sort()];
    });
  const kept = ({ shell, groups: { program, drawings } }: ReturnType<typeof partsOf>) =>
    ["", ...[...shell, ...program, ...drawings].map(({ path }) => path)].sort();
  assertEquals(await cached(), [1, kept(partsOf(old))]);

  server.files = fresh;
  server.log.length = 0;
  await page.reload({ waitUntil: "load" });
  await page.waitForFunction(`!document.getElementById("update").hidden`, {
    timeout: 60_000,
  });
  // What has not changed is not fetched again.
  const drawings = partsOf(old).groups.drawings[0].path;
  assertEquals(server.log.filter(({ path }) => path === drawings), []);
  await visitor.click("#use-update");
  const main = partsOf(fresh).shell.find(({ path }) => path.endsWith("main.js"))!.path;
  await page.waitForFunction(
    `document.readyState === "complete" && !!document.querySelector('script[src="${main}"]')`,
    { timeout: 60_000 },
  );
  assertEquals(await cached(), [1, kept(partsOf(fresh))]);
  await visitor.click(".examples button");
  assertEquals(await visitor.outcome(title), undefined);
});

visit("it is used by keyboard, by dropping and by pasting", async () => {
  const server = new SiteServer(await builtSite());
  await using visitor = await Visitor.open(server.url, { width: 360 });
  const { page } = visitor;
  const focused = () =>
    page.evaluate(() => {
      const { id, textContent } = document.activeElement!;
      return id || textContent!.trim();
    });
  const way = [];
  for (let i = 0; i < 6; i++) {
    await page.keyboard.press("Tab");
    way.push(await focused());
  }
  const first = partsOf(await builtSite()).examples[0].title;
  assertEquals(way, [
    ...["To the content", "Scene graphs", "backend"],
    ...["Choose a photograph", "Use the camera", first],
  ]);
  await page.keyboard.press("Enter");
  assertEquals(await visitor.outcome(first), undefined);
  assertEquals(await visitor.excess(), 0);
  await page.evaluate(() => document.getElementById("tab-graph")!.focus());
  for (const panel of ["before", "attention", "steps", "save"]) {
    await page.keyboard.press("ArrowRight");
    assertEquals(await focused(), `tab-${panel}`);
    const hidden = await page.evaluate(
      (id: string) => document.getElementById(id)!.hidden,
      `panel-${panel}`,
    );
    assertEquals(hidden, false, panel);
    assertEquals(await visitor.excess(), 0);
  }
  // Files that are no pictures are refused before anything is fetched.
  for (const kind of ["drop", "paste"]) {
    await page.evaluate((kind: string) => {
      const data = new DataTransfer();
      data.items.add(new File(["no picture"], `${kind} <b>.txt`));
      const target = kind === "drop" ? globalThis : document;
      target.dispatchEvent(
        kind === "drop"
          ? new DragEvent("drop", { dataTransfer: data, cancelable: true })
          : new ClipboardEvent("paste", { clipboardData: data }),
      );
    }, kind);
    const expected =
      `Cannot read "${kind} <b>.txt" as it must be an image that this browser`;
    await page.waitForFunction(
      `document.getElementById("error-text").textContent.startsWith(${
        JSON.stringify(expected)
      })`,
      { timeout: 20_000 },
    );
  }
  const detector = server.log.filter(({ path }) => path.startsWith("detector-"));
  assertEquals([detector, visitor.complaints], [[], []]);
  await server[Symbol.asyncDispose]();
});

visit("readers of screens find no serious fault in any view", async () => {
  await using server = new SiteServer(await builtSite());
  const axe = await axeScript();
  for (const [width, scheme] of [[1400, "light"], [360, "dark"]] as const) {
    await using visitor = await Visitor.open(server.url, { width });
    const { page } = visitor;
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const check = async (view: string) =>
      assertEquals(await visitor.faults(axe), [], `${view}, ${width}, ${scheme}`);
    await check("start");
    await visitor.choose("no_picture.txt", new Uint8Array(9));
    await visitor.outcome("no_picture.txt");
    await check("error");
    await visitor.click(".examples button");
    await visitor.outcome(partsOf(await builtSite()).examples[0].title);
    for (const tab of ["graph", "before", "attention", "steps", "save"]) {
      await visitor.click(`#tab-${tab}`);
      await check(tab);
    }
  }
});

/** Names that would do harm, or break a line, if they were not shown as text. */
const HOSTILE = [
  "</text><script>document.title = 'run'</script>",
  `<img src=x onerror="document.title = 'run'">`,
  `"double" & 'single'`,
  "\u202etfel ot thgir",
  "אדם עם כובע",
  "x".repeat(300),
];

visit("hostile names are shown as text", async () => {
  const files = await builtSite();
  const { engine: { drawings }, examples: [{ title }] } = partsOf(files);
  const checkpoint = decodeCheckpoint(files[drawings], "drawings");
  const { entities, predicates } = checkpoint.vocabulary;
  const vocabulary = new Vocabulary({
    // The end keeps them apart, and is cut off where a name is long.
    entities: entities.map((name, i) => `${HOSTILE[i % HOSTILE.length]} ${name}`),
    predicates: predicates.map((name, i) => `${HOSTILE[i % HOSTILE.length]} ${name}`),
  });
  const hostile = encodeCheckpoint({ ...checkpoint, vocabulary });
  const page = textOf(files["index.html"])
    .replace(`"bytes":${files[drawings].length}`, `"bytes":${hostile.length}`);
  await using server = new SiteServer({
    ...files,
    [drawings]: hostile,
    "index.html": new TextEncoder().encode(page),
  });
  for (const width of [360, 1400]) {
    await using visitor = await Visitor.open(server.url, { width });
    await visitor.click(".examples button");
    assertEquals(await visitor.outcome(title), undefined);
    for (const tab of ["graph", "before", "attention", "steps", "save"]) {
      await visitor.click(`#tab-${tab}`);
      assertEquals(await visitor.excess(), 0);
    }
    const { entities: found } = await visitor.savedGraph("Farm_ riding lesson");
    assert(
      found.every(({ label }: { label: string }) =>
        HOSTILE.some((name) => label.startsWith(name))
      ),
    );
    const ran = await visitor.page.evaluate(() =>
      document.title === "run" ||
      document.querySelectorAll("main img:not(.examples img, #preview img), main script")
          .length > 0
    );
    assertEquals(ran, false);
  }
});
