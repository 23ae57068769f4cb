import { assert, assertEquals } from "@std/assert";
import { loadPlotting } from "../../src/deps/plot.ts";
import {
  type Chart,
  chartCsv,
  chartFigure,
  standalone,
} from "../../src/render/charts/chart.ts";
import { drawChart } from "../../src/render/charts/svg.ts";
import { assertClose } from "../_assert.ts";
import { HOSTILE_NAMES } from "./_graphs.ts";

const CHART: Chart = {
  title: "Recall",
  kind: "line",
  ...{ x: "epoch", y: "recall", series: "run" },
  range: [0, 100],
  columns: [
    { key: "run", title: "run" },
    { key: "epoch", title: "epoch" },
    { key: "recall", title: "recall, %", digits: 1 },
  ],
  rows: [
    { run: "a", epoch: 1, recall: 10 },
    { run: "a", epoch: 2, recall: 1 / 3 },
    { run: "a", epoch: 5, recall: 100 },
    { run: "b", epoch: 1, recall: null },
  ],
};

/** Places of the dots with a tooltip that begins so. */
const dotsOf = (svg: string, name: string) =>
  [...svg.matchAll(/<circle([^>]*)><title>([^<]*)/g)]
    .filter(([, , title]) => title.startsWith(name))
    .map(([, attributes]) =>
      ["cx", "cy"].map((key) =>
        Number(new RegExp(`${key}="([^"]+)"`).exec(attributes)![1])
      )
    );

Deno.test("chartCsv() has all digits, and quotes what has a meaning in CSV", () => {
  assertEquals(
    chartCsv(CHART),
    "run,epoch,recall\r\na,1,10\r\na,2,0.3333333333333333\r\na,5,100\r\nb,1,\r\n",
  );
  const names = ['say "a", b', "=1+1", "two\nlines", "-x"];
  const rows = names.map((run) => ({ run, epoch: -1, recall: 0 }));
  assertEquals(
    chartCsv({ ...CHART, rows }),
    `run,epoch,recall\r\n"say ""a"", b",-1,0\r\n'=1+1,-1,0\r\n"two\nlines",-1,0\r\n'-x,-1,0\r\n`,
  );
});

Deno.test("chartFigure() has the numbers as a table and both downloads", () => {
  const svg = '<svg viewBox="0 0 1 1"><path/></svg>';
  const figure = chartFigure({ chart: CHART, svg });
  assert(figure.includes('<td class="number">0.3</td>') && figure.includes("<td>–</td>"));
  const [, link] = /download="recall\.csv" href="data:text\/csv;charset=utf-8,([^"]*)"/
    .exec(figure)!;
  assertEquals(decodeURIComponent(link), chartCsv(CHART));
  assert(/download="recall\.svg" href="data:image\/svg\+xml/.test(figure));
});

Deno.test("standalone() puts the whole drawing on white, also its legend", async () => {
  const { svg } = drawChart(CHART, await loadPlotting());
  const file = standalone(svg);
  const [, box] = /viewBox="(0 -\d+ \d+ \d+)"/.exec(file)!;
  const [, x, y, width, height] =
    /<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)" fill="#ffffff"/.exec(file)!;
  assertEquals([x, y, width, height].join(" "), box);
});

Deno.test("drawChart() places values by their size, and leaves out missing ones", async () => {
  const plot = await loadPlotting();
  const { svg } = drawChart(CHART, plot);
  const dots = dotsOf(svg, "a, ");
  assertEquals(dots.length, 3);
  const [[x1, y1], [x2, y2], [x5, y5]] = dots;
  assertClose([(x2 - x1) / (x5 - x1)], [1 / 4], 1e-3);
  assertClose([(y1 - y2) / (y5 - y2)], [(10 - 1 / 3) / (100 - 1 / 3)], 1e-3);
  assertEquals(dotsOf(svg, "b"), []);
  assert(svg.includes(">a</text>") && svg.includes(">b</text>")); // the legend
});

Deno.test("drawChart() gives values that are all the same short marks on the axis", async () => {
  const rows = [{ ...CHART.rows[0], recall: 30 }];
  const { svg } = drawChart({ ...CHART, rows, range: undefined }, await loadPlotting());
  const labels = /aria-label="y-axis tick label">(.*?)<\/g>/.exec(svg)![1];
  const marks = Array.from(labels.matchAll(/>([^<]+)<\/text>/g), ([, text]) => text);
  assert(marks.length > 2 && marks.includes("30"), `${marks}`);
  assert(marks.every((text) => text.length <= 2), `${marks}`);
});

Deno.test("drawChart() draws named places equally far apart, gaps, and intervals of lines", async () => {
  const names = ["16", "64", "256", "1,024", "4,096"];
  const values = [1, 2, null, 2, 1];
  const { svg } = drawChart({
    ...CHART,
    isNamed: true,
    ...{ x: "graphs", low: "low", high: "high", range: [0, 4] },
    columns: [{ key: "graphs", title: "graphs" }, ...CHART.columns.slice(2)],
    rows: names.map((graphs, i) => ({
      ...{ run: "a", graphs, recall: values[i] },
      ...{ low: i === 1 ? 1 : null, high: i === 1 ? 4 : null },
    })),
  }, await loadPlotting());
  const dots = dotsOf(svg, "a, "), [[x, y], [x1, y1], [x3], [x4]] = dots;
  assertEquals(dots.length, 4);
  assertClose([x1 - x, (x3 - x) / 3, (x4 - x) / 4], [x1 - x, x1 - x, x1 - x], 0.1);
  for (const name of names) assert(svg.includes(`>${name}</text>`), name);
  // The line is in two parts.
  assertEquals(/ d="(M[^"]*L[^"]*M[^"]*)"/.exec(svg)?.[1].split("M").length, 3);
  const [, attributes] = /<line ([^>]*stroke-opacity[^>]*|[^>]*)>/.exec(
    svg.slice(svg.indexOf('stroke-opacity="0.7"')),
  )!;
  const end = (key: string) =>
    Number(new RegExp(`${key}="([^"]+)"`).exec(attributes)![1]);
  // From 1 to 4, where 1 is as high as the first dot and 2 as the second.
  assertClose([end("y1"), end("y2")], [y, y + 3 * (y1 - y)], 0.1);
});

Deno.test("drawChart() draws each interval from its low to its high end", async () => {
  const { svg } = drawChart({
    ...CHART,
    kind: "interval",
    ...{ x: "value", y: "system", series: "system", facet: "figure" },
    ...{ low: "low", high: "high" },
    columns: [{ key: "value", title: "percent" }],
    rows: [
      { figure: "R@100", system: "m", value: 30, low: 20, high: 40 },
      { figure: "R@20", system: "m", value: 10, low: 0, high: 30 },
    ],
  }, await loadPlotting());
  const lines = [...svg.matchAll(/<line ([^>]*)\/?>/g)].map(([, text]) =>
    ["x1", "x2"].map((key) => Number(new RegExp(`${key}="([^"]+)"`).exec(text)?.[1]))
  ).slice(-2);
  const dots = dotsOf(svg, "m: ").map(([x]) => x);
  assertClose(dots, [(lines[0][0] + lines[0][1]) / 2, dots[1]], 0.1);
  assertClose([(dots[1] - lines[1][0]) / (lines[1][1] - lines[1][0])], [1 / 3], 1e-2);
  assert(svg.indexOf("R@100</text>") < svg.indexOf("R@20</text>"), "the given order");
});

Deno.test("drawChart() shows hostile names as text, and gives the same text again", async () => {
  const plot = await loadPlotting();
  for (const kind of ["line", "scatter", "heat", "interval"] as const) {
    const rows = HOSTILE_NAMES.flatMap((name) =>
      [1, 2].map((epoch) => ({
        ...{ run: name, facet: "f", epoch, recall: 1, low: 0, high: 1, value: 2 },
      }))
    );
    const ways = kind === "heat" ? { x: "run", y: "run" } : { x: "epoch", y: "recall" };
    const chart: Chart = {
      ...{ ...CHART, ...ways, kind, rows, title: HOSTILE_NAMES[0] },
      ...{ facet: "facet", value: "value", name: "run", low: "low", high: "high" },
      columns: [...CHART.columns, { key: "facet", title: HOSTILE_NAMES[1] }],
    };
    const { svg } = drawChart(chart, plot);
    assert(!/<script|<b[ >]/.test(svg) && !svg.includes("\u0007"), kind);
    assert(!chartFigure({ chart, svg }).includes("<script"), kind);
    assertEquals(drawChart(chart, plot).svg, svg);
  }
});
