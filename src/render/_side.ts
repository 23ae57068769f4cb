/**
 * One side of a drawing of before and after: its heading and its picture.
 *
 * @module
 */

import type { SceneGraph } from "../scene_graph.ts";
import type { Comparison, Side } from "./_comparison.ts";
import { idOf } from "./_ids.ts";
import { drawPanel, labelSize } from "./_panel.ts";
import type { TextSizes } from "./label_size.ts";
import { drawImage, type ImageOptions } from "./image.ts";
import { round } from "./_svg.ts";

/** Width of one of two sides, and of one that has the whole of a narrow window. */
const WIDTH = 490, NARROW_WIDTH = 362;
/** Greatest height of its picture. */
const MAX_HEIGHT = 560;
/** Font size of labels and lists, readable in a drawing of a page's width. */
export const FONT_SIZE = 15;
/** Number of boxes up to which labels have this size. */
const FEW = 8;

/** Headings of both sides and of their lists. */
export const HEADINGS = {
  before: "What the detector said",
  after: "What context made of it",
  relations: "Relations",
  relationsBefore: "Relations without context",
  changed: "Changed labels",
  unchanged: "Context changed no label",
} as const;

/** Text of two sides and of one: 11 pixels or more in windows of 1,400 and of 360 pixels. */
const TEXT: TextSizes = { fontSize: FONT_SIZE, minFontSize: 9.2 };
const NARROW_TEXT: TextSizes = { fontSize: FONT_SIZE, minFontSize: 14 };

/** The size of a side's picture. */
export interface PictureSize {
  /** Units of the drawing for each pixel of the image. */
  scale: number;
  width: number;
  height: number;
}

/** Width and text of a side by how many are beside each other. */
export function sideOf(columns: number): { width: number; text: TextSizes } {
  return columns === 1
    ? { width: NARROW_WIDTH, text: NARROW_TEXT }
    : { width: WIDTH, text: TEXT };
}

/**
 * The size of the picture of a graph's image.
 *
 * @param graph The graph.
 * @param side Width of the side, into which it fits.
 */
export function pictureSize(
  { imageWidth, imageHeight }: SceneGraph,
  side: number,
): PictureSize {
  const scale = Math.min(side / imageWidth, MAX_HEIGHT / imageHeight);
  return { scale, width: imageWidth * scale, height: imageHeight * scale };
}

/** An image that is defined once, since it may be a long `data:` address. */
export interface DefinedImage {
  /** What `<defs>` has of it, before its first use; empty without an image. */
  definition: string;
  /** Draws it; empty without an image. */
  use: string;
}

/**
 * Defines the image of a drawing.
 *
 * @param options The image.
 * @param size How large it is drawn.
 * @param about What the drawing says, so that no other drawing has the same id.
 */
export function defineImage(
  options: ImageOptions,
  { width, height }: PictureSize,
  about: string,
): DefinedImage {
  if (options.imageHref === undefined) return { definition: "", use: "" };
  const id = idOf("picture", options.imageHref, round(width), round(height), about);
  return {
    definition: drawImage(options, width, height, ` id="${id}"`),
    use: `<use href="#${id}"/>`,
  };
}

/** Draws the picture of a side over its image, if there is one. */
export function drawSide(
  { graph, panel }: Side,
  { scale, width, height }: PictureSize,
  { image: { use }, text }: { image: DefinedImage; text: TextSizes },
): string {
  const { minFontSize } = text;
  const fontSize = Math.max(
    minFontSize,
    labelSize(text.fontSize, graph.entities.length, FEW),
  );
  return [
    `<rect width="${round(width)}" height="${round(height)}" fill="#f4f4f2"/>`,
    ...(use === "" ? [] : [use]),
    ...drawPanel(graph, { ...panel, scale, fontSize, minFontSize }),
  ].join("\n");
}

/** Describes both sides in a sentence, for readers who cannot see them. */
export function describeComparison({ changed, after }: Comparison): string {
  const parts = [
    changed.length > 0
      ? `${HEADINGS.changed}: ${changed.map(({ text }) => text).join("; ")}`
      : HEADINGS.unchanged,
    ...(after.relations.length > 0
      ? [`${HEADINGS.relations}: ${after.relations.map(({ text }) => text).join("; ")}`]
      : []),
  ];
  return parts.join(". ");
}
