/**
 * Takes a screenshot of every page and drawing, light and dark, wide and narrow, for people
 * to look at.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { launch, type Page } from "../benches/deps_puppeteer.ts";
import { findChromium, SiteServer, Visitor } from "../benches/site_visit.ts";
import { readFile, writeFileAtomically } from "../src/files.ts";
import { runTask } from "../tasks/_cli/run.ts";
import { siteFiles } from "../tasks/_cli/site/files.ts";
import { type ShownPage, shownPages } from "./shown_pages.ts";

const WIDTHS = [1400, 360], SCHEMES = ["light", "dark"];
/** Greatest height of a picture; longer pages are in several. */
const HEIGHT = 2400;
/** Tabs of the site's result. */
const TABS = ["graph", "before", "attention", "steps"];

await runTask({
  name: "build:screenshots",
  summary: `Take a screenshot of every page and drawing, light and dark, ${
    WIDTHS[0]
  } and ${WIDTHS[1]} pixels wide,
for people to look at: reports, pages and drawings of predict and draw, the documentation's
charts, and the site. Files that are given are shown instead.`,
  positionals: {
    files: { path: "path", many: true, unset: "all", help: "HTML or SVG files" },
  },
  flags: {
    out: { default: "reports/screenshots", path: "path", help: "Folder of the pictures" },
    photograph: {
      type: "string",
      path: "path",
      unset: "none: examples/beach.json, and a drawing",
      help: "Photograph that predict and the site look at",
    },
  },
  examples: [
    "build:screenshots",
    "build:screenshots reports/gpi_linguistic/index.html",
    "build:screenshots --photograph photo.jpg",
  ],
}, async ({ files, out, photograph, json }) => {
  const folder = await Deno.makeTempDir();
  const chromium = await launch({
    executablePath: await findChromium(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  });
  await Deno.mkdir(out, { recursive: true });
  const print = (path: string) => console.log(json ? JSON.stringify({ path }) : path);
  try {
    const page = await (await chromium.createBrowserContext()).newPage();
    const given = (files ?? []).map((path, i) => ({ name: `file-${i + 1}`, path }));
    const pages = given.length > 0 ? given : shownPages({
      folder,
      // Commands run in the folder of their own.
      photograph: photograph && await Deno.realPath(photograph),
    });
    for await (const shown of pages) {
      await page.goto(await addressOf(shown, folder));
      for await (const path of shoot(page, `${out}/${shown.name}`)) print(path);
    }
    if (given.length === 0) {
      for await (const path of shootSite(out, photograph)) print(path);
    }
  } finally {
    await chromium.close();
    await Deno.remove(folder, { recursive: true });
  }
});

/** The address of a page; a drawing is shown in a page, as wide as that. */
async function addressOf({ name, path }: ShownPage, folder: string): Promise<string> {
  const { href } = pathToFileURL(path);
  if (!path.endsWith(".svg")) return href;
  const frame = `${folder}/${name}-frame.html`;
  await writeFileAtomically(
    frame,
    `<!doctype html><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><body style="margin:0"><img style="width:100%" src="${href}">`,
  );
  return pathToFileURL(frame).href;
}

/** Takes the pictures of what a page shows. */
async function* shoot(page: Page, stem: string): AsyncGenerator<string> {
  for (const width of WIDTHS) {
    // Not as a phone, for which the page would be loaded anew and forget its result.
    await page.setViewport({ width, height: 900 });
    for (const value of SCHEMES) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      // What draws itself anew after the window has changed gets its time.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      for (let y = 0, part = 1; y < height; y += HEIGHT, part++) {
        const path = `${stem}-${width}-${value}${height > HEIGHT ? `-${part}` : ""}.png`;
        const clip = { x: 0, y, width, height: Math.min(HEIGHT, height - y) };
        await page.screenshot({ path, clip });
        yield path;
      }
    }
  }
}

/** Visits the site, and takes pictures of what it shows. */
async function* shootSite(out: string, photograph?: string): AsyncGenerator<string> {
  await using server = new SiteServer(await siteFiles(true));
  await using visitor = await Visitor.open(server.url);
  yield* shoot(visitor.page, `${out}/site-start`);
  if (photograph === undefined) await visitor.click(".examples button");
  else await visitor.choose("photograph.jpg", await readFile(photograph));
  await visitor.page.waitForFunction(
    `document.documentElement.dataset.state === "result"`,
    { timeout: 170_000 },
  );
  for (const tab of TABS) {
    await visitor.click(`[role="tab"][aria-controls="panel-${tab}"]`);
    yield* shoot(visitor.page, `${out}/site-${tab}`);
  }
}
