/** The report: its numbers are those of `eval`, and everyone can read it. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { browser, reportOf } from "../_browser.ts";
import { serveFolder } from "../_checkout_server.ts";
import { axeScript } from "../deps_axe.ts";
import { encodePng } from "../deps_png.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

/** Runs a task and returns what it prints. */
async function run(cwd: string, ...args: string[]): Promise<string> {
  const [task, ...rest] = args;
  const { code, stdout, stderr } = await runTask(cwd, task, ...rest, "--quiet");
  assertEquals(code, 0, stderr);
  return stdout;
}

/** The rows of a chart's download by the columns' names. */
function csvOf(page: string, stem: string): Record<string, string>[] {
  const link = new RegExp(`download="${stem}\\.csv" href="data:text/csv;[^,]*,([^"]*)"`);
  const [head, ...lines] = decodeURIComponent(link.exec(page)![1]).trim().split("\r\n")
    .map((line) => line.split(","));
  return lines.map((line) => Object.fromEntries(line.map((cell, i) => [head[i], cell])));
}

testInFolder("report shows the numbers of eval, of one run and of two", async (cwd) => {
  const sizes = "--train-images 8 --validation-images 4 --test-images 9".split(" ");
  await run(cwd, "preprocess", "synthetic", ...sizes);
  const small = "--epochs 2 --hidden 8 --layers 8 --backend wasm --workers 1".split(" ");
  await run(cwd, "train", "gpi_mean", ...small);
  const how = ["--k", "5,20", "--resamples", "20", "--backend", "wasm", "--workers", "1"];
  const more = ["--per-predicate", "--reliability", "--per-image", "images.jsonl"];
  const printed = await run(
    cwd,
    ...["eval", "gpi_mean_best", "--report", "--json", ...how, ...more],
  );
  const lines = printed.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.at(-1), { report: "reports/gpi_mean_best/index.html" });
  const page = await Deno.readTextFile(`${cwd}/reports/gpi_mean_best/index.html`);
  const rows = lines.filter(({ metric, baseline_name }) =>
    metric && baseline_name === "label_predictor"
  );
  assert(rows.length >= 8, printed);
  for (const { task, protocol, metric, k, value, baseline } of rows) {
    const charted = csvOf(page, `${task}-${protocol}-${metric.toLowerCase()}`)
      .filter(({ figure }) => figure === `${metric}@${k}`);
    const valueOf = (name: string) =>
      Number(charted.find(({ system }) => system === name)!.value);
    assertEquals(valueOf("gpi_mean_best"), 100 * value);
    assertEquals(valueOf("label_predictor"), 100 * baseline);
    for (const { low, high } of charted) assert(Number(low) <= Number(high));
  }
  assertChartsOf(page, lines, await linesOf(`${cwd}/images.jsonl`));
  // Learning curves are the log's.
  const log = await linesOf(`${cwd}/checkpoints/gpi_mean.jsonl`);
  assertEquals(
    csvOf(page, "validation-recall").map(({ run, value }) => [run, Number(value)]),
    log.map(({ validation }) => ["gpi_mean", 100 * validation.recall]),
  );
  assertEquals(
    csvOf(page, "training-loss").map(({ value }) => Number(value)),
    log.map(({ loss }) => loss),
  );
  const ofPredicates = csvOf(page, "predicates-before-and-after-context-gpi-mean-best");
  const isMistaken = ({ truth, predicted, count }: Record<string, string>) =>
    truth !== predicted && Number(count) > 0;
  assert(ofPredicates.some(isMistaken), "networks after two epochs mistake predicates");
  for (const text of ["deno task eval gpi_mean_best --", " --report", "dataset, hash"]) {
    assertStringIncludes(page, text);
  }
  assert(!/<script|<link|\bsrc=/.test(page));

  const photographs = `${cwd}/photographs`;
  await Deno.mkdir(photographs);
  const data = Uint8ClampedArray.from({ length: 4 * 64 * 48 }, (_, i) => i % 251);
  const png = await encodePng({ width: 64, height: 48, data });
  await Deno.writeFile(`${photographs}/test-000001.png`, png);
  await Deno.writeFile(`${photographs}/test-000002.png`, png.subarray(0, 40));
  const both = ["gpi_mean_best", "gpi_mean", "--task", "sgcls", "--name", "both"];
  both.push("--photographs", photographs);
  const text = await run(cwd, "report", ...both, ...how);
  assertStringIncludes(text, "Report: reports/both/index.html (open it in a browser)");
  const two = await Deno.readTextFile(`${cwd}/reports/both/index.html`);
  assertStringIncludes(two, "<h3>gpi_mean beside gpi_mean_best</h3>");
  // Both are checkpoints of one run, whose curve is drawn once.
  assertEquals(csvOf(two, "training-loss").map(({ epoch }) => epoch), ["1", "2"]);
  const systems = new Set(csvOf(two, "sgcls-motifs-f1").map(({ system }) => system));
  assertEquals([...systems], ["gpi_mean_best", "gpi_mean", "label_predictor"]);
  // One image has a photograph, of another it is damaged, and the others are drawn as before.
  assertEquals(
    two.match(/<image id="photograph-\w+" href="data:image\/jpeg;/g)?.length,
    1,
  );

  if (browser) assertEquals(await faultsOf(two, cwd), []);
});

/** Lines of JSON. */
// deno-lint-ignore no-explicit-any -- plain data
async function linesOf(path: string): Promise<any[]> {
  return (await Deno.readTextFile(path)).trim().split("\n")
    .map((line) => JSON.parse(line));
}

/** Asserts that charts have the numbers that `eval --json` prints, and writes of images. */
// deno-lint-ignore no-explicit-any -- plain data
function assertChartsOf(page: string, lines: any[], images: any[]): void {
  // The lines of the first task come first.
  const all = lines.filter(({ predicate, k, rows }) => predicate && k === 20 && rows > 0);
  const ofPredicates = all.filter(({ predicate }, i) =>
    all.findIndex((other) => other.predicate === predicate) === i
  );
  const charted = csvOf(page, "recall-of-each-predicate-r-20");
  const inChart = (name: string) =>
    charted.filter(({ system }) => system === name)
      .map(({ predicate, rows, recall }) => [predicate, Number(rows), Number(recall)]);
  assert(ofPredicates.length > 5);
  assertEquals(
    inChart("gpi_mean_best"),
    ofPredicates.map(({ predicate, rows, value }) => [predicate, rows, 100 * value]),
  );
  assertEquals(
    inChart("label_predictor"),
    ofPredicates.map(({ predicate, rows, baselines }) => [
      ...[predicate, rows, 100 * baselines.label_predictor],
    ]),
  );
  // The relations of all images together are those of the images of each size.
  const ofSizes = csvOf(page, "r-20-against-the-number-of-entities");
  for (const name of ["gpi_mean_best", "label_predictor"]) {
    const found = images.filter(({ system, task, protocol }) =>
      system === name && task === "sgcls" && protocol === "motifs"
    )
      .map(({ hits }) =>
        hits.find(({ metric, k }: { metric: string; k: number }) =>
          metric === "R" && k === 20
        )
      );
    const mine = ofSizes.filter(({ system }) => system === name);
    const sum = (key: string) => mine.reduce((sum, row) => sum + Number(row[key]), 0);
    const total = (key: string) => found.reduce((sum, hits) => sum + hits[key], 0);
    assertEquals([sum("images"), sum("rows")], [9, total("rows")], name);
    assertEquals(sum("hits"), total("hits"), name);
  }
  const { entities, relations } = lines.find((line) => line.entities && line.coverage);
  for (
    const [name, { before, after }] of Object.entries({ labels: entities, relations })
  ) {
    const bins = Object.entries({ before, after }).flatMap(([when, { bins }]) =>
      bins.filter(({ count }: { count: number }) => count > 0)
        // deno-lint-ignore no-explicit-any -- plain data
        .map(({ count, meanScore, shareRight }: any) => [
          ...[`${when} calibration`, count, 100 * meanScore, 100 * shareRight],
        ])
    );
    assertEquals(
      csvOf(page, `reliability-of-${name}-gpi-mean-best`)
        .map(({ when, count, probability, share }) => [
          ...[when, Number(count), Number(probability), Number(share)],
        ]),
      bins,
    );
  }
  const ofThresholds = csvOf(page, "precision-recall-and-f1-of-relations-gpi-mean-best");
  const valuesOf = (name: string) =>
    ofThresholds.filter(({ measure }) => measure === name).map(({ value }) =>
      Number(value)
    );
  const [precision, recall, f1] = ["precision", "recall", "F1"].map(valuesOf);
  assert(f1.length > 5);
  for (const [i, value] of f1.entries()) {
    const [p, r] = [precision[i], recall[i]];
    if (p + r > 0) assert(Math.abs(value - 2 * p * r / (p + r)) < 1e-9, `${value}`);
  }
}

/** Serious faults that axe finds in a page, and text of drawings that is small on a phone. */
async function faultsOf(page: string, folder: string): Promise<unknown> {
  const script = `
    const report = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
    addEventListener("load", async () => {
      try {
        for (const each of [...document.querySelectorAll("details")].slice(0, 3)) {
          each.open = true;
        }
        document.body.style.width = "360px";
        // Of drawings in two sizes, that of narrow windows.
        const shown = [...document.querySelectorAll("svg text")]
          .filter((text) => text.getClientRects().length > 0);
        const texts = shown.map((text) => [
          text.textContent,
          Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b) *
            parseFloat(getComputedStyle(text).fontSize),
        ]);
        const small = texts.filter(([, size]) => size < 10.9);
        if (small.length > 0 || texts.length < 100) {
          return await report({ texts: texts.length, small: small.slice(0, 5) });
        }
        // Readers of screens get a drawing's name and table; its parts take long to check.
        document.querySelectorAll("svg > *").forEach((each) => each.remove());
        const { violations } = await axe.run(document, { resultTypes: ["violations"] });
        await report(violations.filter(({ impact }) => /serious|critical/.test(impact))
          .map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 200)]));
      } catch (error) {
        await report(String(error.stack));
      }
    });`;
  // The page forbids scripts, so that the one that checks it must be let in.
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "")
    .replace(
      "</head>",
      `<script src="axe.js"></script><script>${script}</script></head>`,
    );
  await using server = serveFolder(folder, {
    "index.html": open,
    "axe.js": await axeScript(),
  });
  return JSON.parse(
    await reportOf(`${server.url}index.html`, server.report, { limit: 300_000 }),
  );
}
