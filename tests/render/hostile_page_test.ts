/** Every drawing, chart and page with hostile names, in a real browser. */

import { assert, assertEquals } from "@std/assert";
import { loadPlotting } from "../../src/deps/plot.ts";
import { chartPage } from "../../src/render/charts/bars.ts";
import { beforeAfterPage } from "../../src/render/before_after_page.ts";
import type { Chart } from "../../src/render/charts/chart.ts";
import { drawChart } from "../../src/render/charts/svg.ts";
import { reportPage } from "../../src/render/report_page.ts";
import { browser, reportOf } from "../_browser.ts";
import { serveFolder } from "../_checkout_server.ts";
import { testInFolder } from "../_in_folder.ts";
import { ringOf } from "./_graphs.ts";
import { drawings } from "./_kept.ts";

const NAMES = [
  `</text></svg><script>hacked = 1</script>`,
  `'"><img src=x onerror="hacked = 2">`,
  `</title></style><svg onload="hacked = 3"><a href="javascript:hacked=4">`,
  "\u202eכלב גדול\u2066",
  "x".repeat(300),
];

/** A chart whose every text is hostile. */
function chartOf(kind: Chart["kind"]): Chart {
  const key = kind === "heat" ? { x: "run", y: "run" } : { x: "epoch", y: "recall" };
  return {
    ...{ title: NAMES[0], note: NAMES[1], kind, series: "run", ...key },
    ...{ facet: "facet", value: "value", name: "run", low: "low", high: "high" },
    columns: ["run", "epoch", "recall", "facet", "value", "low", "high"].map((
      key,
      i,
    ) => ({
      key,
      title: NAMES[i % NAMES.length],
    })),
    rows: NAMES.flatMap((run) =>
      [1, 2].map((epoch) => ({
        ...{ run, epoch, recall: 1, value: 2, low: 0, high: 1, facet: NAMES[epoch] },
      }))
    ),
  };
}

/** Pages of everything, with the drawings that are files of their own. */
async function pages(): Promise<string[]> {
  const plot = await loadPlotting();
  const graph = ringOf(NAMES);
  for (const [i, entity] of graph.entities.entries()) {
    entity.given = { label: NAMES.at(i - 1)!, score: 0.4 };
  }
  const kinds = ["line", "interval", "scatter", "heat"] as const;
  const photograph = {
    href: 'data:,"><script>hacked = 5</script>',
    width: 50,
    height: 50,
  };
  const row = {
    ...{ dataset: NAMES[0], split: "test", model: NAMES[1] },
    task: "sgcls" as const,
    ...{ protocol: NAMES[2], metric: "R", k: 5, value: 0.5, images: 1 },
    ...{ baseline_name: NAMES[1], baseline: 0.4, difference: 0.1, low: 0, high: 0.2 },
  };
  const four = { ...graph, entities: graph.entities.slice(0, 4), relations: [] };
  return [
    reportPage({
      ...{ title: NAMES[4], headline: NAMES[1], command: NAMES[2], isSimulated: true },
      tables: [{ title: NAMES[0], rows: [row] }],
      charts: NAMES.map((title) => ({
        title,
        charts: kinds.map((kind) => drawChart(chartOf(kind), plot)),
      })),
      examples: NAMES.map((id) => ({
        ...{ id, why: id, note: id, predicted: graph, annotated: graph, before: graph },
        photograph,
      })),
      settings: Object.fromEntries(NAMES.map((name) => [name, name])),
    }),
    beforeAfterPage(NAMES[0], graph, { before: graph, imageHref: photograph.href }),
    chartPage(NAMES[0], NAMES[1], [
      { title: NAMES[0], bars: NAMES.map((name) => ({ name, count: 2 })) },
    ]),
    ...Object.values(await drawings({ graph: four })),
  ];
}

testInFolder(
  "hostile names run nothing and break no page, in any drawing, chart or page",
  async (folder) => {
    const all = await pages();
    const script = `
      addEventListener("load", () => setTimeout(() => {
        document.body.style.width = "360px";
        fetch("/report", { method: "POST", body: JSON.stringify({
          hacked: globalThis.hacked ?? null,
          scripts: document.scripts.length,
          strange: document.querySelectorAll("img, [onload], [onerror], a:not([download])").length,
          wide: [...document.querySelectorAll("main > *")]
            .filter((each) => each.getBoundingClientRect().right > 361)
            .map((each) => each.outerHTML.slice(0, 80)),
          shown: document.body.textContent.split("hacked = 1").length,
        }) });
      }, 100));`;
    const body = all.map((page) =>
      // The policy forbids scripts, which here must be forbidden by escaping alone.
      page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "")
    ).join("\n");
    await using server = serveFolder(folder, {
      "index.html": body.replace("</head>", `<script>${script}</script></head>`),
    });
    const found = JSON.parse(
      await reportOf(`${server.url}index.html`, server.report, { limit: 120_000 }),
    );
    assert(found.shown > 20, `${found.shown} times shown as text`);
    assertEquals({ ...found, shown: 0 }, {
      ...{ hacked: null, scripts: 1, strange: 0, wide: [], shown: 0 },
    });
  },
  { ignore: !browser },
);
