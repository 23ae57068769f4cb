/**
 * Draws how beliefs move over the steps of the network.
 *
 * @module
 */

import { COUNT, NUMBER } from "../check_options.ts";
import { JsonValue } from "../json_value.ts";
import type { GivenLabel, SceneGraph } from "../scene_graph.ts";
import { drawnNames } from "./_arrows.ts";
import { escapeXml, fitText, FONT, isolate, percent, round, textWidth } from "./_svg.ts";
import { THEME } from "./_theme.ts";
import { checkDrawn, chooseRelations, leastDrawnScore } from "./choice.ts";

const MARGIN = 16, GAP = 24;
const FONT_SIZE = 14;
const PLOT_LEFT = 50, PLOT_HEIGHT = 110;
/**
 * Widths of a panel and of the plot in it, and the size of the text beside it, by the number
 * of panels beside each other; with one, text is 11 pixels high in a window of 360.
 */
const SIZES = {
  1: { width: 362, plot: 150, label: 14 },
  2: { width: 490, plot: 240, label: 12 },
} as const;
const TITLE_HEIGHT = 26, AXIS_HEIGHT = 24, LINE_HEIGHT = 18;
/** Labels of an entity that are drawn at most. */
const MAX_LINES = 4;
/** Upper edges of the charts of relations, whose probabilities may be small. */
const TOPS = [0.02, 0.1, 0.2, 0.5, 1];
/** Dashes of the lines, so that they differ without colours. */
const DASHES = ["", "7 4", "2 4", "10 3 2 3"];
/** Colours of lines that are visible on light and on dark grounds. */
const COLORS = ["#0b84c6", "#c97c00", "#0a9b70", "#c0699a"];

/** The beliefs at one moment, as `predict(..., { steps: true })` returns them. */
export interface DrawnBeliefs {
  /** `[N]`: labels with their probabilities; an entity has the same at every moment. */
  entities: readonly (readonly GivenLabel[])[];
  /** For each relation of the graph its probability. */
  relations: readonly number[];
}

/** The checks of {@linkcode StepsOptions}. */
const CHECKS = { maxEntities: COUNT, topK: COUNT, columns: NUMBER };

/** Options of {@linkcode drawSteps}. */
export interface StepsOptions {
  /** Greatest number of entities: those whose beliefs move most; default 8. */
  maxEntities?: number;
  /** Greatest number of relations, the best ones; default 6. */
  topK?: number;
  /** Charts beside each other; 1 is for narrow windows. Default 2. */
  columns?: 1 | 2;
}

/**
 * Draws the probabilities of labels and relations before the first step and after each one,
 * a small chart for each entity and one for the best relations.
 *
 * @param graph The graph.
 * @param steps Its beliefs; the first are those before the first step.
 * @param options How many entities and relations.
 * @returns One SVG element, light or dark by the reader's setting; the same graph gives the
 * same text.
 * @throws {RangeError} If there are no beliefs, or those of other entities or relations.
 *
 * @example
 * ```ts
 * import { drawSteps } from "./steps.ts";
 * const at = (score: number) => ({
 *   entities: [[{ label: "horse", score }, { label: "sheep", score: 1 - score }]],
 *   relations: [],
 * });
 * const svg = drawSteps({
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [{ label: "horse", labelIndex: 0, score: 0.9, box: [0, 0, 50, 90] }],
 *   relations: [],
 * }, [at(0.4), at(0.9)]);
 * if (!svg.includes("horse 40.0 % → 90.0 %")) throw new Error();
 * ```
 */
export function drawSteps(
  graph: SceneGraph,
  steps: readonly DrawnBeliefs[],
  options: StepsOptions = {},
): string {
  checkDrawn(graph, options, "drawSteps()", CHECKS);
  const { maxEntities = 8, topK = 6, columns: most = 2 } = options;
  checkSteps(graph, steps);
  const names = drawnNames(graph).map(isolate);
  const ofEntities = graph.entities.map((_, i): Panel => ({
    title: `${names[i]} (entity ${i})`,
    lines: steps[0].entities[i].map(({ label }, which) => ({
      name: isolate(label),
      values: steps.map(({ entities }) => entities[i][which].score),
    })).slice(0, MAX_LINES),
  }));
  const moved = ofEntities.map((panel, i) => ({ panel, i, by: movementOf(panel) }))
    .sort((a, b) => b.by - a.by || a.i - b.i)
    .slice(0, maxEntities)
    .map(({ panel }) => panel);
  const best = chooseRelations(graph, { topK, minScore: leastDrawnScore(graph) });
  const greatest = Math.max(0, ...steps.flatMap(({ relations }) => relations));
  const top = TOPS.find((top) => top >= greatest) ?? 1;
  const relations = best.map((relation): Panel => {
    const { subject, predicate, object } = relation;
    const r = graph.relations.indexOf(relation);
    const name = `${names[subject]} ${predicate} ${names[object]}`;
    return {
      top,
      title: name,
      lines: [{ name: "probability", values: steps.map((step) => step.relations[r]) }],
    };
  });
  const ticks = steps.map((_, t) => t === 0 ? "before" : `step ${t}`);
  const panels = [...moved, ...relations];
  const height = TITLE_HEIGHT + PLOT_HEIGHT + AXIS_HEIGHT + GAP;
  const columns = Math.max(1, Math.min(most, panels.length));
  const size = SIZES[most], { width } = size;
  const whole = 2 * MARGIN + columns * width + (columns - 1) * GAP;
  const bottom = MARGIN + Math.max(1, Math.ceil(panels.length / columns)) * height;
  const drawn = panels.map((panel, p) =>
    `<g transform="translate(${MARGIN + (p % columns) * (width + GAP)} ${
      MARGIN + Math.floor(p / columns) * height
    })">\n${drawPanel(panel, ticks, size)}\n</g>`
  );
  const described = panels.map(({ title, lines }) =>
    `${title}: ${lines.map((line) => lineText(line)).join(", ")}`
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${bottom}" role="img" ` +
    `aria-label="${
      escapeXml(`Beliefs over ${steps.length - 1} steps. ${described.join(". ")}`)
    }" font-family="${FONT}" font-size="${FONT_SIZE}">`,
    THEME,
    `<rect class="sgp-ground" width="${whole}" height="${bottom}"/>`,
    ...drawn,
    "</svg>",
  ].join("\n");
}

/** One chart. */
interface Panel {
  title: string;
  lines: readonly Line[];
  /** The probability at the upper edge; default 1. */
  top?: number;
}

/** A probability at each moment. */
interface Line {
  name: string;
  values: readonly number[];
}

/** The greatest change of a probability from the first moment to any other. */
function movementOf({ lines }: Panel): number {
  return Math.max(
    0,
    ...lines.flatMap(({ values }) => values.map((value) => Math.abs(value - values[0]))),
  );
}

function lineText(
  { name, values }: Line,
  { width = Infinity, fontSize = FONT_SIZE, isBrief = false } = {},
): string {
  const [first, last] = [values[0], values.at(-1)!];
  const change = isBrief
    ? `${brief(first)} → ${brief(last)} %`
    : `${percent(first)} → ${percent(last)}`;
  const room = width - textWidth(` ${change}`, fontSize);
  return `${fitText(name, room, fontSize)} ${change}`;
}

/** Percent in whole numbers, where they are not small. */
function brief(share: number): string {
  return (100 * share).toFixed(share >= 0.0995 ? 0 : 1);
}

function drawPanel(
  { title, lines, top = 1 }: Panel,
  ticks: readonly string[],
  size: { width: number; plot: number; label: number },
): string {
  const last = Math.max(1, ticks.length - 1);
  const x = (t: number) => PLOT_LEFT + size.plot * t / last;
  const y = (p: number) => TITLE_HEIGHT + PLOT_HEIGHT * (1 - p / top);
  const text = (
    place: readonly [x: number, y: number],
    content: string,
    anchor = "start",
    kind = "soft",
  ) =>
    `<text class="sgp-${kind}" x="${round(place[0])}" y="${
      round(place[1])
    }" dy="0.35em" text-anchor="${anchor}">${escapeXml(content)}</text>`;
  const grid = [0, top / 2, top].map((p) =>
    `<path class="sgp-line" d="M${PLOT_LEFT} ${y(p)}h${size.plot}"/>` +
    text([PLOT_LEFT - 6, y(p)], `${round(100 * p)} %`.replace(" ", "\u202f"), "end")
  );
  // Many steps would not have room for all names.
  const every = Math.ceil(ticks.length / 4);
  const axis = ticks.map((tick, t) =>
    t % every === 0
      ? text([x(t), TITLE_HEIGHT + PLOT_HEIGHT + 13], tick, t === 0 ? "start" : "middle")
      : ""
  );
  const places = spread(lines.map(({ values }) => y(values.at(-1)!)));
  const drawn = lines.map((line, i) => {
    const points = line.values.map((value, t) => `${round(x(t))} ${round(y(value))}`);
    const dash = DASHES[i] === "" ? "" : ` stroke-dasharray="${DASHES[i]}"`;
    const end = PLOT_LEFT + size.plot, label = lineText(line);
    return `<g><title>${escapeXml(label)}</title><path d="M${
      points.join("L")
    }" fill="none" stroke="${COLORS[i]}" stroke-width="2.5"${dash}/>${
      points.map((point) => {
        const [cx, cy] = point.split(" ");
        return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${COLORS[i]}"/>`;
      }).join("")
    }<path d="M${end + 5} ${round(y(line.values.at(-1)!))}L${end + 14} ${
      round(places[i])
    }" stroke="${COLORS[i]}"/>${
      text(
        [end + 18, places[i]],
        lineText(line, {
          width: size.width - end - 18,
          fontSize: size.label,
          isBrief: size === SIZES[1],
        }),
        "start",
        "ink",
      ).replace("<text", `<text font-size="${size.label}"`)
    }</g>`;
  });
  return [
    `<text class="sgp-ink" y="14" font-weight="600">${
      escapeXml(fitText(title, size.width, FONT_SIZE))
    }</text>`,
    ...grid,
    ...axis,
    ...drawn,
  ].join("\n");
}

/** Moves heights apart, so that a line of text fits at each. */
function spread(heights: readonly number[]): number[] {
  const order = [...heights.keys()].sort((a, b) => heights[a] - heights[b]);
  const places = [...heights];
  const lowest = TITLE_HEIGHT + PLOT_HEIGHT;
  for (const [rank, i] of order.entries()) {
    const room = lowest - (order.length - 1 - rank) * LINE_HEIGHT;
    const above = rank === 0 ? -Infinity : places[order[rank - 1]] + LINE_HEIGHT;
    places[i] = Math.max(above, Math.min(places[i], room));
  }
  return places;
}

function checkSteps(graph: SceneGraph, steps: readonly DrawnBeliefs[]): void {
  for (const step of new JsonValue(steps, "the steps").items()) {
    for (const key of ["entities", "relations"]) step.at(key).items();
  }
  const n = graph.entities.length, m = graph.relations.length;
  if (steps.length === 0) {
    throw new RangeError(
      `Cannot draw the steps as "steps" must hold one moment or more: found ${steps.length}`,
    );
  }
  for (const { entities, relations } of steps) {
    if (entities.length === n && relations.length === m) continue;
    throw new RangeError(
      `Cannot draw the steps as each must have ${n} entities and ${m} relations, as the graph has: found ${entities.length} and ${relations.length}`,
    );
  }
}
