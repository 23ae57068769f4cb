/**
 * The forms in which `predict` gives a graph.
 *
 * @module
 */

import {
  type BeforeAfterOptions,
  drawBeforeAfter,
} from "../../../src/render/before_after.ts";
import { lastName, withoutSecrets } from "../../../src/address.ts";
import { beforeAfterPage } from "../../../src/render/before_after_page.ts";
import { isPhotograph, readImageHeader } from "../../../src/detect/image_header.ts";
import { chooseRelations } from "../../../src/render/choice.ts";
import { toCompactText } from "../../../src/render/text/compact_text.ts";
import { toDot } from "../../../src/render/text/dot.ts";
import { drawGraph } from "../../../src/render/graph_svg.ts";
import { toJsonLd } from "../../../src/render/text/json_ld.ts";
import type { ImageOptions } from "../../../src/render/image.ts";
import { pictureHref } from "../../../src/render/picture.ts";
import { toSentences } from "../../../src/render/text/sentences.ts";
import { drawOverImage } from "../../../src/render/svg.ts";
import type { PredictedGraph } from "../../../src/predict/predictor.ts";
import { drawAttention } from "../../../src/render/attention.ts";
import { drawSteps } from "../../../src/render/steps.ts";
import type { SceneGraph } from "../../../src/scene_graph.ts";
import { escapeControls } from "../../../src/show_value.ts";
import { toListing } from "./listing.ts";

/** A graph, and the image that it is of. */
export interface Predicted {
  graph: PredictedGraph;
  /** The graph without context, of the detector and the label predictor alone. */
  before?: SceneGraph;
  /** Name of the image: the path of what was read, its address without secrets, or `-`. */
  name: string;
  /** The picture to draw over: a whole file. */
  picture?: Uint8Array;
}

/** The least score of a relation that is printed. */
export const MIN_SCORE = 0.001;

/** The number of relations that are printed. */
export const NUM_PRINTED = 20;

/** Which relations; what the user left open, each format has its own default for. */
export interface Choice {
  topK?: number;
  minScore?: number;
  /** How the weights of features became shares of attention; default the mean. */
  attention?: string;
}

/** A form of a graph. */
export interface Format {
  /** How the names of its files end. */
  ending: string;
  /** Whether several of them in a row can be told apart. */
  isStream?: boolean;
  write(predicted: Predicted, choice: Choice): string;
}

/** Fills in the defaults of formats that are read. */
const printed = ({ topK = NUM_PRINTED, minScore = MIN_SCORE }: Choice) => {
  return { topK, minScore };
};

/** Fills in the picture of drawings; they have their own defaults. */
const drawn = ({ picture, name }: Predicted, { topK, minScore }: Choice) => ({
  ...{ topK, minScore },
  ...(picture && {
    imageHref: pictureHref(picture, name),
    // Boxes are those of the upright photograph.
    imageOrientation: isPhotograph(picture)
      ? readImageHeader(picture, name).orientation
      : 1,
  }),
});

const compared = (predicted: Predicted, choice: Choice): BeforeAfterOptions => ({
  ...drawn(predicted, choice),
  before: predicted.before,
});

/** Every form, by its name for `--format`. */
export const FORMATS = {
  list: {
    ending: ".list.txt",
    write: ({ graph }, choice) => toListing(graph, printed(choice)),
  },
  sentences: {
    ending: ".txt",
    write: ({ graph }, choice) => toSentences(graph, printed(choice)),
  },
  text: {
    ending: ".prompt.txt",
    write: ({ graph }, choice) => toCompactText(graph, printed(choice)),
  },
  json: { ending: ".json", isStream: true, write: jsonLine },
  dot: {
    ending: ".dot",
    isStream: true,
    write: ({ graph }, choice) => toDot(graph, printed(choice)),
  },
  "json-ld": {
    ending: ".jsonld",
    write: ({ graph }, choice) => `${toJsonLd(graph, printed(choice))}\n`,
  },
  svg: {
    ending: ".svg",
    write: (predicted, choice) =>
      `${drawOverImage(predicted.graph, drawn(predicted, choice))}\n`,
  },
  "graph-svg": {
    ending: ".graph.svg",
    write: ({ graph }, choice) => `${drawGraph(graph, choice)}\n`,
  },
  "attention-svg": {
    ending: ".attention.svg",
    write: (predicted, choice) => `${attentionOf(predicted, choice)}\n`,
  },
  "steps-svg": {
    ending: ".steps.svg",
    write: ({ graph }, { topK }) => `${drawSteps(graph, graph.steps!, { topK })}\n`,
  },
  "before-after": {
    ending: ".before-after.svg",
    write: (predicted, choice) =>
      `${drawBeforeAfter(predicted.graph, compared(predicted, choice))}\n`,
  },
  "before-after-page": {
    ending: ".html",
    write: (predicted, choice) => {
      // The page may be sent to others, so it does not tell the folder.
      const title = escapeControls(lastName(withoutSecrets(predicted.name)));
      return beforeAfterPage(title, predicted.graph, compared(predicted, choice));
    },
  },
} as const satisfies Record<string, Format>;

/** Name of a format. */
export type FormatName = keyof typeof FORMATS;

/** Names of the formats, as the user writes them. */
export const NAMES = Object.keys(FORMATS) as FormatName[];

/** Formats that are lines of words, which several images share under headings. */
export const WORDS: readonly FormatName[] = ["list", "sentences", "text"];

/** Draws the attention of the last step. */
function attentionOf(predicted: Predicted, choice: Choice): string {
  const { graph } = predicted, { attention } = graph;
  if (!attention) {
    throw new Error(
      "Cannot draw the attention as the network must have attention: found one that takes the mean or looks at each box alone; use --checkpoint gpi_linguistic_pretrained, or another of its kind",
    );
  }
  const { imageHref, imageOrientation } = drawn(predicted, choice) as ImageOptions;
  const step = `step ${attention.length} of ${attention.length}`;
  const note = choice.attention === "size" ? `${step}, weighed by size` : step;
  return drawAttention(graph, attention.at(-1)!, { imageHref, imageOrientation, note });
}

/** The graph on one line, with the name of its image. */
function jsonLine(predicted: Predicted, choice: Choice): string {
  return `${JSON.stringify(graphJson(predicted, choice))}\n`;
}

/** The graph as JSON, with the name of its image if it has one. */
export function graphJson(
  { graph, name }: Pick<Predicted, "graph"> & { name?: string },
  choice: Choice,
) {
  const { attention: _, steps: __, ...rest } = graph;
  const relations = chooseRelations(graph, printed(choice));
  return { image: name, ...rest, relations };
}
