/**
 * Draws whom entities attend to, and what the whole graph is made of.
 *
 * @module
 */

import { COUNT, NUMBER, type OptionChecks, TEXT } from "../check_options.ts";
import { JsonValue } from "../json_value.ts";
import { type Box, isRevised, type SceneGraph } from "../scene_graph.ts";
import { drawnNames } from "./_arrows.ts";
import { LabelPlacer } from "./_place.ts";
import { type DefinedImage, defineImage, pictureSize, sideOf } from "./_side.ts";
import {
  chip,
  chipSize,
  escapeXml,
  fitText,
  FONT,
  isolate,
  percent,
  round,
} from "./_svg.ts";
import { THEME } from "./_theme.ts";
import { checkDrawn } from "./choice.ts";
import { IMAGE_CHECKS, type ImageOptions } from "./image.ts";

const MARGIN = 16, GAP = 20;
const FONT_SIZE = 15;
const TITLE_HEIGHT = 28, LINE_HEIGHT = 24;
/** Where the bar of a ranked entity begins, its length for a share of 1, and its text. */
const BAR_LEFT = 28, BAR_WIDTH = 100, TEXT_LEFT = 210;
/** Colour of what is attended to, and of what attends: apart for every kind of vision. */
const ATTENDED = "#d55e00", ATTENDING = "#0072b2";
/** Greatest opacity of a shaded box, so that the image stays visible. */
const MOST_OPAQUE = 0.6;
/** A share below this is not labelled in the picture. */
const LEAST_LABELLED = 0.02;

/** Attention in one step; `predict(..., { attention: true })` has one for each step. */
export interface DrawnAttention {
  /** `[N, N]`: share of each entity (column) in what an entity (row) attends to. */
  nodes: ArrayLike<number>;
  /** `[N]`: share of each entity in what the vector of the whole graph is made of. */
  graph: ArrayLike<number>;
}

/** The checks of {@linkcode AttentionOptions}. */
const CHECKS: OptionChecks<AttentionOptions> = {
  ...{ ...IMAGE_CHECKS, topK: COUNT, columns: NUMBER, note: TEXT },
  entities: (option) => option.numbers(),
};

/** Options of {@linkcode drawAttention}. */
export interface AttentionOptions extends ImageOptions {
  /**
   * Entities whose neighbours are shown; default: of those that can attend to others the
   * four whose label changed or which have the largest boxes.
   */
  entities?: readonly number[];
  /** Number of ranked entities below each picture; default 5. */
  topK?: number;
  /** Pictures beside each other; 1 is for narrow windows. Default 2. */
  columns?: 1 | 2;
  /** What the heading says besides, such as "step 2". */
  note?: string;
}

/** Number of entities whose neighbours are shown. */
const NUM_SHOWN = 4;

/**
 * Draws attention as in the paper's figure: for the whole graph, and for some entities,
 * every box is shaded by its share, and those of the greatest share are ranked below.
 *
 * @param graph The graph.
 * @param attention One step of its attention.
 * @param options Which entities, and the image.
 * @returns One SVG element, light or dark by the reader's setting; the same graph gives the
 * same text.
 * @throws {RangeError} If the attention is that of another number of entities, or an entity
 * does not exist.
 *
 * @example
 * ```ts
 * import { drawAttention } from "./attention.ts";
 * const svg = drawAttention({
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [
 *     { label: "man", labelIndex: 0, score: 1, box: [0, 0, 50, 90] },
 *     { label: "hat", labelIndex: 1, score: 1, box: [10, 0, 40, 20] },
 *   ],
 *   relations: [],
 * }, { nodes: [0, 1, 1, 0], graph: [0.25, 0.75] });
 * if (!svg.includes("75.0 %")) throw new Error();
 * ```
 */
export function drawAttention(
  graph: SceneGraph,
  attention: DrawnAttention,
  options: AttentionOptions = {},
): string {
  checkDrawn(graph, options, "drawAttention()", CHECKS);
  checkAttention(attention);
  const { nodes, graph: ofGraph } = attention;
  const n = graph.entities.length, { topK = 5, columns: most = 2, note } = options;
  checkSizes(n, nodes.length, ofGraph.length);
  const rowOf = (i: number) => Array.from({ length: n }, (_, j) => nodes[i * n + j]);
  const shown = options.entities ?? mostTelling(graph, rowOf);
  for (const i of shown) checkEntity(i, n);
  const names = drawnNames(graph).map(isolate);
  const end = note === undefined ? "" : `, ${note}`;
  const panels: Panel[] = [
    { title: `The whole graph attends to${end}`, shares: Array.from(ofGraph) },
    ...shown.map((i) => ({
      title: `${names[i]} attends to${end}`,
      shares: rowOf(i),
      attending: i,
    })),
  ];
  const described = panels.map((panel) => describe(panel, names, topK)).join(". ");
  const columns = Math.min(most, panels.length);
  const { width } = sideOf(most), size = pictureSize(graph, width);
  const image = defineImage(options, size, described);
  const lines = Math.min(topK, n);
  const height = TITLE_HEIGHT + size.height + (lines + 0.8) * LINE_HEIGHT + GAP;
  const rows = Math.ceil(panels.length / columns);
  const whole = 2 * MARGIN + columns * width + (columns - 1) * GAP;
  const bottom = round(MARGIN + rows * height);
  const drawn = panels.map((panel, p) => {
    const x = MARGIN + (p % columns) * (width + GAP);
    const y = MARGIN + Math.floor(p / columns) * height;
    return `<g transform="translate(${x} ${round(y)})">\n${
      drawShares(graph, panel, { names, topK, image, side: width })
    }\n</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${bottom}" role="img" ` +
    `aria-label="${
      escapeXml(described)
    }" font-family="${FONT}" font-size="${FONT_SIZE}">`,
    THEME,
    `<rect class="sgp-ground" width="${whole}" height="${bottom}"/>`,
    image.definition === "" ? "" : `<defs>${image.definition}</defs>`,
    ...drawn,
    "</svg>",
  ].filter((part) => part !== "").join("\n");
}

/** One picture: who attends, and to whom. */
interface Panel {
  title: string;
  shares: readonly number[];
  /** The entity that attends; none for the whole graph. */
  attending?: number;
}

function drawShares(
  graph: SceneGraph,
  { title, shares, attending }: Panel,
  { names, topK, image, side }: {
    names: readonly string[];
    topK: number;
    image: DefinedImage;
    /** Its width. */
    side: number;
  },
): string {
  const { scale, width, height } = pictureSize(graph, side);
  const most = Math.max(...shares, 1e-9);
  const boxes = graph.entities.map(({ box }) =>
    box.map((edge) => edge * scale) as unknown as Box
  );
  const placer = new LabelPlacer(width, height);
  const ranked = rank(shares, topK);
  const labels = [
    ...(attending === undefined
      ? []
      : [{ i: attending, textOf: (name: string) => name }]),
    ...ranked.filter((i) => shares[i] >= LEAST_LABELLED).map((i, rank) => ({
      i,
      textOf: (name: string) => `${rank + 1} ${name} ${percent(shares[i])}`,
    })),
  ].map(({ i, textOf }) => {
    const label = textOf(fitText(names[i], 0.4 * width, FONT_SIZE));
    const text = textOf(names[i]);
    const size = chipSize(label, FONT_SIZE), [x1, y1, x2, y2] = boxes[i];
    const rect = placer.place(
      [
        ...[[x1, y1], [x1, y1 - size[1]], [x2 - size[0], y1], [x1, y2 - size[1]]],
        ...[[x2 - size[0], y2 - size[1]], [x1, y2], [
          (x1 + x2 - size[0]) / 2,
          (y1 + y2) / 2,
        ]],
      ] as [number, number][],
      size,
      { owner: String(i) },
    );
    return chip(rect, label, {
      ...{ fontSize: FONT_SIZE, title: text, text: "#ffffff" },
      fill: i === attending ? ATTENDING : "#a84a00",
    });
  });
  return [
    `<text class="sgp-ink" y="${FONT_SIZE}" font-weight="600">${
      escapeXml(fitText(title, side, FONT_SIZE))
    }</text>`,
    `<g transform="translate(${round((side - width) / 2)} ${TITLE_HEIGHT})">`,
    `<rect width="${round(width)}" height="${round(height)}" fill="#f4f4f2"/>`,
    ...(image.use === "" ? [] : [image.use]),
    ...boxes.map((box, i) =>
      i === attending
        ? drawBox(box, ATTENDING, 0, "7 4")
        : drawBox(box, ATTENDED, MOST_OPAQUE * shares[i] / most)
    ),
    ...labels,
    "</g>",
    ...ranked.map((i, rank) =>
      drawRank(
        rank,
        names[i],
        shares[i],
        { y: TITLE_HEIGHT + height + (rank + 1) * LINE_HEIGHT, side },
      )
    ),
  ].join("\n");
}

function drawBox(
  [x1, y1, x2, y2]: Box,
  color: string,
  opacity: number,
  dashes?: string,
): string {
  const place = `x="${round(x1)}" y="${round(y1)}" width="${round(x2 - x1)}" height="${
    round(y2 - y1)
  }"`;
  const dash = dashes === undefined ? "" : ` stroke-dasharray="${dashes}"`;
  // A white border makes the colour visible on every background.
  return `<rect ${place} fill="none" stroke="#ffffff" stroke-width="4.5" opacity="0.7"/>` +
    `<rect ${place} fill="${color}" fill-opacity="${
      opacity.toFixed(2)
    }" stroke="${color}" stroke-width="2"${dash}/>`;
}

function drawRank(
  rank: number,
  name: string,
  share: number,
  { y, side }: { y: number; side: number },
): string {
  const middle = round(y + 0.35 * FONT_SIZE);
  return `<text class="sgp-soft" y="${middle}">${
    rank + 1
  }</text><rect x="${BAR_LEFT}" y="${round(y - 6)}" width="${
    round(Math.max(1, BAR_WIDTH * share))
  }" height="12" fill="${ATTENDED}"/>` +
    `<text class="sgp-ink" x="${TEXT_LEFT - 10}" y="${middle}" text-anchor="end">${
      percent(share)
    }</text><text class="sgp-ink" x="${TEXT_LEFT}" y="${middle}">${
      escapeXml(fitText(name, side - TEXT_LEFT, FONT_SIZE))
    }</text>`;
}

/** Entities by share, greatest first; those without a share are left out. */
function rank(shares: readonly number[], topK: number): number[] {
  return [...shares.keys()].filter((i) => shares[i] > 0)
    .sort((a, b) => shares[b] - shares[a])
    .slice(0, topK);
}

/** Changed entities first, then those of the largest boxes. */
function mostTelling(
  { entities }: SceneGraph,
  rowOf: (i: number) => number[],
): number[] {
  const area = ([x1, y1, x2, y2]: Box) => (x2 - x1) * (y2 - y1);
  const isChanged = (i: number) => Number(isRevised(entities[i]));
  return [...entities.keys()].filter((i) => rowOf(i).some((share) => share > 0))
    .sort((a, b) =>
      isChanged(b) - isChanged(a) || area(entities[b].box) - area(entities[a].box)
    )
    .slice(0, NUM_SHOWN);
}

function describe(
  { title, shares }: Panel,
  names: readonly string[],
  topK: number,
): string {
  const ranked = rank(shares, topK).map((i) => `${names[i]} ${percent(shares[i])}`);
  return `${title}: ${ranked.join(", ") || "nothing"}`;
}

function checkAttention(attention: unknown): void {
  const root = new JsonValue(attention, "the attention");
  for (const key of ["nodes", "graph"]) {
    const field = root.at(key), { value } = field;
    const isTyped = value instanceof Float32Array || value instanceof Float64Array;
    if (!isTyped) field.numbers();
  }
}

function checkSizes(n: number, pairs: number, entities: number): void {
  if (pairs === n * n && entities === n) return;
  throw new RangeError(
    `Cannot draw attention as nodes and graph must have ${
      n * n
    } and ${n} numbers, as the graph has ${n} entities: found ${pairs} and ${entities}`,
  );
}

function checkEntity(i: number, n: number): void {
  if (Number.isInteger(i) && i >= 0 && i < n) return;
  throw new RangeError(
    `Cannot draw attention as each of "entities" must be an index in [0, ${n}): found ${i}`,
  );
}
