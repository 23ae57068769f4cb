/** Text of drawings in a window of 360 pixels, which leaves 328 of a report for them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadPlotting } from "../../src/deps/plot.ts";
import { drawAttention } from "../../src/render/attention.ts";
import { drawBeforeAfter } from "../../src/render/before_after.ts";
import type { Chart } from "../../src/render/charts/chart.ts";
import { drawChart } from "../../src/render/charts/svg.ts";
import { drawGraph } from "../../src/render/graph_svg.ts";
import { legibleSizes } from "../../src/render/label_size.ts";
import { drawingFigure, drawingInPage, leastSize } from "../../src/render/legible.ts";
import { drawSteps } from "../../src/render/steps.ts";
import { drawOverImage } from "../../src/render/svg.ts";
import type { SceneGraph } from "../../src/scene_graph.ts";
import { ringOf } from "./_graphs.ts";

const PHONE = 328;
/** What the page in the browser has within the frame of a drawing. */
const FRAME = 310;

/** A person with relations to things of these names, which all lie in one layer. */
function fanOf(names: readonly string[]): SceneGraph {
  const graph = ringOf(["person", ...names]);
  const relations = names.map((_, i) => ({
    ...{ subject: 0, object: i + 1, predicate: "in front of", predicateIndex: 0 },
    score: 0.9,
  }));
  return { ...graph, imageWidth: 640, imageHeight: 480, relations };
}

const FAN = fanOf(["bicycle", "tree", "traffic light", "car", "street sign", "building"]);

Deno.test("drawings in one column have text of 11 pixels on a phone", () => {
  const n = FAN.entities.length;
  const attention = {
    nodes: new Float32Array(n * n).fill(1 / n),
    graph: Array(n).fill(1),
  };
  const beliefs = {
    entities: FAN.entities.map(({ label }) => [{ label, score: 0.5 }]),
    relations: FAN.relations.map(() => 0.5),
  };
  const drawn = {
    before: drawBeforeAfter(FAN, { columns: 1 }),
    attention: drawAttention(FAN, attention, { columns: 1 }),
    steps: drawSteps(FAN, [beliefs, beliefs], { columns: 1 }),
  };
  for (const [name, svg] of Object.entries(drawn)) {
    const [width] = leastSize(svg);
    assert(width <= FRAME, `${name} needs ${width} pixels`);
  }
});

Deno.test("drawOverImage() of a known width has no text below 11 pixels", () => {
  assert(leastSize(drawOverImage(FAN, { width: PHONE }))[0] <= PHONE);
  assert(leastSize(drawOverImage(FAN))[0] > PHONE, "which it has by itself");
  // Of 1000 units, 12 and 11 pixels of 500 are 24 and 22; of 100 pixels, they are too large.
  const wide = { imageWidth: 640, imageHeight: 480 };
  assertEquals(legibleSizes(wide, 500), { fontSize: 24, minFontSize: 22 });
  assertEquals(legibleSizes(wide, 100), { fontSize: 36, minFontSize: 36 });
  // The longer side of a drawing has 1000 units.
  const high = { imageWidth: 480, imageHeight: 960 };
  assertEquals(legibleSizes(high, 250), { fontSize: 24, minFontSize: 22 });
});

Deno.test("drawGraph() puts layers beside each other if they are too wide below", () => {
  const sizeOf = (svg: string) =>
    /viewBox="0 0 (\S+) (\S+)"/.exec(svg)!.slice(1).map(Number);
  const [below, beside] = [undefined, 500].map((maxWidth) =>
    drawGraph(FAN, { maxWidth })
  );
  assert(sizeOf(below)[0] > 500 && sizeOf(beside)[0] <= 500);
  assert(leastSize(beside)[0] <= PHONE);
  const placeOf = (svg: string, label: string) =>
    new RegExp(`x="(\\S+)" y="(\\S+)"[^>]*>${label}<`).exec(svg)!.slice(1).map(Number);
  const [[px, py], [tx, ty]] = ["person", "tree"].map((name) => placeOf(beside, name));
  assert(px < tx, "the object is at the right of its subject");
  const [[qx, qy], [ux, uy]] = ["person", "tree"].map((name) => placeOf(below, name));
  assert(qy < uy, "or below it");
  assert(tx - px > Math.abs(ty - py) / 3 && uy - qy > 0 && Number.isFinite(qx + ux));
  // Arrows leave and arrive in the direction of the layers.
  const [, x1, y1, , y2] = /d="M(\S+) (\S+)C(\S+) (\S+) /.exec(beside)!.map(Number);
  assert(x1 > px && y1 === y2, "it begins level");
  // What fits stays as it is.
  assertEquals(drawGraph(FAN, { maxWidth: 2000 }), below);
});

Deno.test("charts of cells have text of 11 pixels on a phone, and their blocks' names", async () => {
  const names = Array.from({ length: 12 }, (_, i) => `a long name of class ${i}`);
  const columns = ["when", "truth", "predicted", "count"];
  const cells: Chart = {
    ...{ title: "Labels", kind: "heat", x: "predicted", y: "truth" },
    ...{ value: "count", facet: "when" },
    columns: columns.map((key) => ({ key, title: key })),
    rows: ["before", "after"].flatMap((when) =>
      names.map((name) => ({ when, truth: name, predicted: name, count: 7 }))
    ),
  };
  const { svg } = drawChart(cells, await loadPlotting());
  assert(leastSize(svg)[0] <= PHONE, `${leastSize(svg)}`);
  for (const name of ["before", "after"]) assertStringIncludes(svg, `>${name}</text>`);
});

Deno.test("drawingInPage() says how wide a drawing must be, and has a second one if it is given", () => {
  const [wide, narrow] = [20, 40].map((size) =>
    `<svg viewBox="0 0 1000 500"><text font-size="${size}">x</text></svg>`
  );
  // 11 pixels are 11/20 of the drawing's units.
  const alone = drawingInPage(wide, "<dog>");
  assertStringIncludes(alone, 'style="--least:550px"');
  assertStringIncludes(alone, 'style="min-width:550px;min-height:275px"');
  assertStringIncludes(
    alone,
    'tabindex="0" role="region" aria-label="Drawing of &lt;dog&gt;"',
  );
  const both = drawingInPage(wide, "dog", narrow);
  assertEquals(both.match(/--least:\d+px/g), ["--least:550px", "--least:275px"]);
  // Only a drawing that has no form for narrow places needs two columns.
  const texts = { name: "dog", caption: "A dog" };
  assertStringIncludes(drawingFigure(wide, texts), '<figure class="wide">');
  assertStringIncludes(drawingFigure(wide, { ...texts, narrow }), "<figure>");
});
