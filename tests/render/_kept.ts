/**
 * Small drawings of every kind, rendered by a browser, and how much pictures differ.
 *
 * @module
 */

import { decodePng } from "../../src/deps/images.ts";
import { loadPlotting } from "../../src/deps/plot.ts";
import { drawAttention } from "../../src/render/attention.ts";
import { drawBeforeAfter } from "../../src/render/before_after.ts";
import type { Chart } from "../../src/render/charts/chart.ts";
import { drawChart } from "../../src/render/charts/svg.ts";
import { drawGraph } from "../../src/render/graph_svg.ts";
import { drawSteps } from "../../src/render/steps.ts";
import { drawOverImage } from "../../src/render/svg.ts";
import type { SceneGraph } from "../../src/scene_graph.ts";
import { screenshot } from "../_browser.ts";

/** Greatest width of a picture in pixels. */
const WIDTH = 480;
/** Ground and text of the report's page. */
const SCHEMES = { light: ["#ffffff", "#1b1b1b"], dark: ["#16181a", "#ececec"] } as const;
/** Pixels of a block's side, whose mean is compared. */
const BLOCK = 8;

/** Where the pictures are kept. */
export const KEPT = new URL("kept/", import.meta.url);

/** Red, green, blue and alpha of each pixel. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** A man on a horse, a hat and a field; context made a horse of a sheep. */
export function rider(): SceneGraph {
  const relation = (
    subject: number,
    object: number,
    predicate: string,
    score: number,
  ) => ({
    ...{ subject, object, predicate, predicateIndex: 0, score },
  });
  return {
    imageWidth: 400,
    imageHeight: 240,
    entities: [
      { label: "man", labelIndex: 0, score: 0.9, box: [150, 30, 230, 160] },
      {
        ...{ label: "horse", labelIndex: 1, score: 0.8, box: [90, 100, 310, 220] },
        given: { label: "sheep", score: 0.45 },
      },
      { label: "hat", labelIndex: 2, score: 0.6, box: [168, 20, 212, 50] },
      { label: "grass", labelIndex: 3, score: 0.95, box: [10, 180, 390, 235] },
    ],
    relations: [
      relation(0, 1, "riding", 0.7),
      relation(0, 2, "wearing", 0.5),
      relation(1, 3, "on", 0.3),
    ],
  };
}

/** The sky, the field, and what stands in it. */
const BACKGROUND =
  `<rect width="400" height="240" fill="#bcd9ea"/><rect y="180" width="400" height="60" fill="#9dbf85"/>
<ellipse cx="200" cy="150" rx="90" ry="36" fill="#8a6242"/><circle cx="190" cy="60" r="22" fill="#e0b48c"/>`;

/** A chart of lines, of the model's recall in each epoch and of a control's. */
function linesOf(recall: readonly number[]): Chart {
  return {
    title: "Validation recall",
    kind: "line",
    ...{ x: "epoch", y: "recall", series: "run" },
    columns: [
      { key: "run", title: "run" },
      { key: "epoch", title: "epoch" },
      { key: "recall", title: "validation recall, %" },
    ],
    rows: Object.entries({ model: recall, control: [21, 36, 43, 51, 52] }).flatMap(
      ([run, values]) => values.map((recall, e) => ({ run, epoch: e + 1, recall })),
    ),
  };
}

const CELLS: Chart = {
  title: "Labels before and after context",
  kind: "heat",
  ...{ x: "predicted", y: "truth", value: "count", facet: "when" },
  columns: ["when", "truth", "predicted", "count"].map((key) => ({ key, title: key })),
  rows: ["before", "after"].flatMap((when, w) =>
    ["horse", "sheep", "cow"].flatMap((truth, t) =>
      ["horse", "sheep", "cow"].map((predicted, p) => ({
        ...{ when, truth, predicted },
        count: t === p ? 20 + 10 * w : (4 + t + p) * (1 - w),
      }))
    )
  ),
};

const INTERVALS: Chart = {
  title: "Recall with intervals",
  kind: "interval",
  ...{ x: "value", y: "system", low: "low", high: "high", facet: "figure" },
  series: "system",
  columns: ["figure", "system", "value", "low", "high"].map((key) => ({
    key,
    title: key,
  })),
  rows: ["R@20", "R@50"].flatMap((figure, f) =>
    ["model", "control", "label_predictor"].map((system, s) => {
      const value = 60 + 15 * f - 12 * s;
      return { figure, system, value, low: value - 4, high: value + 3 };
    })
  ),
};

/** What drawings show. */
export interface Shown {
  /** The graph of all drawings; default: {@linkcode rider}. */
  graph?: SceneGraph;
  /** Percent in each epoch. */
  recall?: readonly number[];
}

/**
 * Draws every kind.
 *
 * @param shown What differs from the kept pictures.
 * @returns SVG by name.
 */
export async function drawings(
  { graph = rider(), recall = [30, 45, 52, 60, 61] }: Shown = {},
): Promise<Record<string, string>> {
  const plot = await loadPlotting();
  const beliefs = (score: number) => ({
    entities: graph.entities.map(({ label, given }) =>
      given
        ? [{ label, score }, { label: given.label, score: 1 - score }]
        : [{ label, score: 0.5 + score / 2 }]
    ),
    relations: graph.relations.map((each) => score * each.score),
  });
  const nodes = [[0, 0.6, 0.3, 0.1], [0.8, 0, 0, 0.2], [1, 0, 0, 0], [0.1, 0.9, 0, 0]];
  const attention = { nodes: nodes.flat(), graph: [0.4, 0.35, 0.05, 0.2] };
  return {
    over_boxes: drawOverImage(graph, { background: BACKGROUND }),
    graph: drawGraph(graph),
    before_after: drawBeforeAfter(graph),
    attention: drawAttention(graph, attention, { entities: [0] }),
    steps: drawSteps(graph, [0.3, 0.5, 0.9].map(beliefs)),
    chart_lines: drawChart(linesOf(recall), plot).svg,
    chart_cells: drawChart(CELLS, plot).svg,
    chart_intervals: drawChart(INTERVALS, plot).svg,
  };
}

/**
 * Renders drawings in one page of one browser, light on the left and dark on the right.
 *
 * @param svgs Drawings by name.
 * @param folder Where the page is written.
 * @returns Pictures by name, of at most 480 pixels' width: `<name>_light` and `<name>_dark`.
 */
export async function render(
  svgs: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, Picture>> {
  let top = 0;
  const places = Object.entries(svgs).map(([name, svg]) => {
    const [, width, height] = /viewBox="\S+ \S+ (\S+) (\S+)"/.exec(svg)!;
    const scale = Math.min(1, WIDTH / Number(width));
    const size = [width, height].map((each) => Math.round(scale * Number(each)));
    const place = { name, top, width: size[0], height: size[1] };
    top += place.height;
    return place;
  });
  const columns = Object.entries(SCHEMES).map(([scheme, [ground, text]], i) =>
    `<div style="left:${
      i * WIDTH
    }px;background:${ground};color:${text};color-scheme:${scheme}">${
      places.map(({ name, width, height }) => {
        const svg = svgs[name];
        const size = `width="${width}" height="${height}"`;
        // A chart has the colour of its page; the others are pictures of their own.
        return name.startsWith("chart_")
          ? svg.replace(
            "<svg ",
            `<svg ${size} style="width:${width}px;height:${height}px" `,
          )
          : `<img ${size} src="data:image/svg+xml,${encodeURIComponent(svg)}">`;
      }).join("")
    }</div>`
  );
  const path = `${folder}/drawings.html`;
  await Deno.writeTextFile(
    path,
    `<!doctype html><meta charset="utf-8"><style>body{margin:0}
div{position:absolute;top:0;width:${WIDTH}px} img,div>svg{display:block}</style>${
      columns.join("")
    }`,
  );
  const { width, height, data } = await decodePng(await screenshot(path, 2 * WIDTH, top));
  const sheet = { width, height, data: Uint8ClampedArray.from(data) };
  return Object.fromEntries(
    Object.keys(SCHEMES).flatMap((scheme, i) =>
      places.map(({ name, ...place }) => [
        `${name}_${scheme}`,
        cut(sheet, { ...place, left: i * WIDTH }),
      ])
    ),
  );
}

/** Cuts a rectangle of pixels out of a picture. */
function cut(
  sheet: Picture,
  { left, top, width, height }: Record<"left" | "top" | "width" | "height", number>,
): Picture {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    const from = 4 * ((top + y) * sheet.width + left);
    data.set(sheet.data.subarray(from, from + 4 * width), 4 * width * y);
  }
  return { width, height, data };
}

/**
 * How much two pictures differ.
 *
 * @param a A picture.
 * @param b A picture of the same size.
 * @returns Mean absolute difference of red, green and blue, 0 to 255, of the means of blocks
 * of 8 by 8 pixels, so that the edges of letters hardly count; infinite if sizes differ.
 */
export function difference(a: Picture, b: Picture): number {
  if (a.width !== b.width || a.height !== b.height) return Infinity;
  let sum = 0;
  for (let top = 0; top < a.height; top += BLOCK) {
    for (let left = 0; left < a.width; left += BLOCK) {
      for (let channel = 0; channel < 3; channel++) {
        let ofBlock = 0;
        for (let y = top; y < Math.min(top + BLOCK, a.height); y++) {
          for (let x = left; x < Math.min(left + BLOCK, a.width); x++) {
            const at = 4 * (y * a.width + x) + channel;
            ofBlock += a.data[at] - b.data[at];
          }
        }
        sum += Math.abs(ofBlock);
      }
    }
  }
  return sum / (3 * a.width * a.height);
}
