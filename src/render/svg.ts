/**
 * Draws a scene graph over its image.
 *
 * @module
 */

import { BOOLEAN, NUMBER, TEXT } from "../check_options.ts";
import type { SceneGraph } from "../scene_graph.ts";
import { drawImage, IMAGE_CHECKS, type ImageOptions } from "./image.ts";
import { drawPanel, labelSize } from "./_panel.ts";
import { legibleSizes } from "./label_size.ts";
import { bestArrows, describeGraph } from "./_arrows.ts";
import { escapeXml, FONT, round } from "./_svg.ts";
import { checkDrawn, CHOICE_CHECKS, type ChoiceOptions } from "./choice.ts";

/** Length of the longer side of a drawing. */
const SIDE = 1000;
/** Default font size of labels, readable in a drawing of half a page's width. */
const FONT_SIZE = 24;
/** Number of boxes up to which labels have this size. */
const FEW = 24;

/** The checks of {@linkcode DrawOptions}. */
const CHECKS = {
  ...{ ...CHOICE_CHECKS, ...IMAGE_CHECKS, fontSize: NUMBER, width: NUMBER },
  ...{ background: TEXT, hasGround: BOOLEAN, isAddressable: BOOLEAN },
};

/** Options of {@linkcode drawOverImage}. */
export interface DrawOptions extends ChoiceOptions, ImageOptions {
  /** Greatest number of relations, the best ones; default 10. */
  topK?: number;
  /**
   * Relations with a lower score are not drawn; default 0.05, or a fifth of the best score
   * if that is below 0.1.
   */
  minScore?: number;
  /**
   * Font size of labels, where the longer side of the drawing is 1000; default 24. Many
   * boxes make it smaller.
   */
  fontSize?: number;
  /**
   * Width of the drawing on the screen in pixels, if it is known: labels then are 12 pixels
   * high and no text is smaller than 11, unless that would hide the picture.
   */
  width?: number;
  /** Whether there is a light ground, not for drawings over a video; default true. */
  hasGround?: boolean;
  /**
   * Background: SVG elements in pixels of the image. They are not escaped, so they must
   * come from a trusted source.
   */
  background?: string;
  /**
   * Whether parts carry the attributes `data-entity` (its index) and `data-edge` (subject and
   * object), by which a page finds them; default false.
   */
  isAddressable?: boolean;
}

/**
 * Draws boxes with labels over the image plane, and arrows with predicates from label to
 * label, in the colour of their subject. The greater the score of a relation, the wider and
 * darker its arrow.
 *
 * Entities without a drawn relation have a thinner box and a smaller label.
 *
 * @param graph The graph; its relations are best first.
 * @param options Which relations, and the background.
 * @returns One SVG element; the same graph gives the same text.
 *
 * @example
 * ```ts
 * import { drawOverImage } from "./svg.ts";
 * const svg = drawOverImage({
 *   imageWidth: 100,
 *   imageHeight: 100,
 *   entities: [
 *     { label: "man", labelIndex: 0, score: 1, box: [0, 0, 50, 90] },
 *     { label: "hat", labelIndex: 1, score: 1, box: [10, 0, 40, 20] },
 *   ],
 *   relations: [
 *     { subject: 0, object: 1, predicate: "wearing", predicateIndex: 0, score: 0.9 },
 *   ],
 * });
 * if (!svg.includes(">wearing</text>")) throw new Error();
 * ```
 */
export function drawOverImage(graph: SceneGraph, options: DrawOptions = {}): string {
  checkDrawn(graph, options, "drawOverImage()", CHECKS);
  const scale = SIDE / Math.max(graph.imageWidth, graph.imageHeight);
  const width = graph.imageWidth * scale, height = graph.imageHeight * scale;
  const arrows = bestArrows(graph, options);
  const text = options.width === undefined
    ? { fontSize: options.fontSize ?? FONT_SIZE, minFontSize: 0 }
    : legibleSizes(graph, options.width);
  const fontSize = labelSize(text.fontSize, graph.entities.length, FEW);
  const description = escapeXml(describeGraph(graph, arrows));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${
      round(height)
    }" role="img" aria-label="${description}" font-family="${FONT}">`,
    ...drawGround(options, width, height, scale),
    ...drawPanel(graph, {
      arrows,
      scale,
      fontSize: Math.max(text.minFontSize, fontSize),
      minFontSize: text.minFontSize,
      isAddressable: options.isAddressable,
    }),
    "</svg>",
  ].join("\n");
}

/** Draws what lies under the graph: grey, the image, and the caller's own elements. */
function drawGround(
  options: DrawOptions,
  width: number,
  height: number,
  scale: number,
): string[] {
  const { background, hasGround = true } = options;
  const size = `width="${round(width)}" height="${round(height)}"`;
  const parts = [
    hasGround && `<rect ${size} fill="#f4f4f2"/>`,
    drawImage(options, width, height),
    background && `<g transform="scale(${Number(scale.toFixed(6))})">${background}</g>`,
  ];
  return parts.filter((part) => !!part) as string[];
}
