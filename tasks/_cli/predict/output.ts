/**
 * Prints and writes what `predict` has found.
 *
 * @module
 */

import { fileNameOf, isAddress, lastName } from "../../../src/address.ts";
import { writeFileAtomically } from "../../../src/files.ts";
import { nearestName } from "../../../src/nearest.ts";
import type { AttentionMeasure } from "../../../src/model/pool.ts";
import { escapeControls } from "../../../src/show_value.ts";
import { dashed, UsageError } from "../flags/flags.ts";
import {
  type Choice,
  type FormatName,
  FORMATS,
  MIN_SCORE,
  NAMES,
  NUM_PRINTED,
  type Predicted,
  WORDS,
} from "./formats.ts";

export type { Predicted };

const file = { type: "string", path: "path" } as const;

/** The flags of `predict` for its output. */
export const OUTPUT_FLAGS = {
  k: {
    type: "integer",
    unset: `${NUM_PRINTED}, in drawings 10`,
    help: "Number of relations, best first",
  },
  threshold: {
    type: "string",
    unset:
      `${MIN_SCORE}, in drawings 0.05, or a fifth of the best score if that is below 0.1`,
    help:
      "Leave out relations with a lower score; best-f1 for the limit of each predicate",
  },
  format: {
    default: "list",
    help: `What to print: ${NAMES.join(", ")}; with --out several, with commas`,
  },
  out: {
    ...file,
    help: "Write the formats of each image into this folder, and print the files' names",
  },
  svg: { ...file, help: "Draw boxes and relations over the image into this file" },
  graphSvg: { ...file, help: "Draw the graph alone into this file" },
  beforeAfter: {
    ...file,
    help:
      "Draw what the detector said beside what context made of it into this file, .svg or .html",
  },
  attentionSvg: {
    ...file,
    help:
      "Draw whom the whole graph and single entities attend to in the last step into this file",
  },
  attentionShare: {
    default: "mean",
    values: ["mean", "size"],
    help:
      "Share of a neighbour in that: the mean weight of its features, or of weight times size",
  },
  stepsSvg: {
    ...file,
    help: "Draw how beliefs move over the steps of the network into this file",
  },
  dot: { ...file, help: "Write the graph for Graphviz into this file" },
  jsonLd: { ...file, help: "Write the graph as JSON-LD into this file" },
} as const;

/** The flags that name one file each, with the format of the file. */
const FILE_FLAGS = {
  svg: "svg",
  graphSvg: "graph-svg",
  beforeAfter: "before-after",
  attentionSvg: "attention-svg",
  stepsSvg: "steps-svg",
  dot: "dot",
  jsonLd: "json-ld",
} as const;

/** The format of the file that a flag names. */
function formatOf(flag: keyof typeof FILE_FLAGS, path: string): FormatName {
  const isPage = flag === "beforeAfter" && /\.html?$/i.test(path);
  return isPage ? "before-after-page" : FILE_FLAGS[flag];
}

/** The values of {@linkcode OUTPUT_FLAGS}, and of the flags of every task. */
export type OutputOptions =
  & { [F in "out" | keyof typeof FILE_FLAGS]?: string }
  & { k?: number; threshold?: string; format: string; json: boolean }
  & { attentionShare: string };

/**
 * Opens the output of `predict`.
 *
 * @param options The flags. `--json` is `--format json`.
 * @param isMany Whether there may be more than one image.
 * @param before Images that other jobs write before: their files keep their names.
 * @returns A function that prints and writes what is wanted of one image; with several it
 * names the image.
 * @throws {UsageError} If a format is unknown, or cannot be printed for several images.
 */
export function openOutput(
  options: OutputOptions,
  { isMany = false, before = [] }: { isMany?: boolean; before?: readonly string[] } = {},
): (predicted: Predicted) => Promise<void> {
  const formats = options.json ? ["json"] as const : parseFormats(options.format);
  const files = (Object.keys(FILE_FLAGS) as (keyof typeof FILE_FLAGS)[])
    .flatMap((flag) => {
      const path = options[flag];
      return path === undefined ? [] : [{ format: formatOf(flag, path), path }];
    });
  checkNumber(formats, options.out, files[0], isMany);
  const choice = choiceOf(options);
  const used = new Set<string>();
  for (const name of before) unusedStem(name, used);
  return async (predicted) => {
    for (const { format, path } of files) {
      await writeFileAtomically(path, FORMATS[format].write(predicted, choice));
    }
    if (options.out === undefined) {
      const [format] = formats;
      if (isMany && WORDS.includes(format)) {
        console.log(`${escapeControls(predicted.name)}:`);
      }
      return print(FORMATS[format].write(predicted, choice));
    }
    const stem = unusedStem(predicted.name, used);
    for (const format of formats) {
      const path = `${options.out}/${stem}${FORMATS[format].ending}`;
      await writeFileAtomically(path, FORMATS[format].write(predicted, choice));
      console.log(path);
    }
  };
}

/** Which relations are shown; the threshold has left out others before. */
export function choiceOf(
  { k, threshold, attentionShare }: Pick<
    OutputOptions,
    "k" | "threshold" | "attentionShare"
  >,
): Choice {
  return {
    topK: k,
    minScore: threshold === undefined ? undefined : 0,
    attention: attentionShare,
  };
}

/**
 * Refuses what a filter cannot write, as its answers are lines of JSON.
 *
 * @throws {UsageError} If a file or another format is wanted.
 */
export function checkLines(options: OutputOptions): void {
  const flags = Object.keys(FILE_FLAGS) as (keyof typeof FILE_FLAGS)[];
  const file = flags.find((flag) => options[flag] !== undefined);
  const isOther = !["list", "json"].includes(options.format);
  if (file === undefined && !isOther) return;
  throw new UsageError(
    `Cannot use --lines with --${
      file === undefined ? `format ${options.format}` : dashed(file)
    } as the answer to each line must be a line of JSON; leave one of them out`,
  );
}

/** What the wanted formats show besides the graph. */
export interface Needs {
  /** The graph without context. */
  before: boolean;
  /** How the weights of features become shares; `false` if no format shows them. */
  attention: AttentionMeasure | false;
  steps: boolean;
}

/**
 * Finds what the wanted formats show besides the graph.
 *
 * @throws {UsageError} If a format shows the network's attention and `--no-context` leaves
 * the network out.
 */
export function needsOf(options: OutputOptions & { context: boolean }): Needs {
  const printed = options.json ? [] : parseFormats(options.format);
  const flags = Object.keys(FILE_FLAGS) as (keyof typeof FILE_FLAGS)[];
  const formats = flags.filter((flag) => options[flag] !== undefined)
    .map((flag): string => FILE_FLAGS[flag]).concat(printed);
  const attention = formats.includes("attention-svg");
  if (attention && !options.context) {
    throw new UsageError(
      "Cannot draw the attention as it is the network's: leave out --no-context",
    );
  }
  return {
    before: formats.some((name) => name.startsWith("before-after")),
    attention: attention && options.attentionShare as AttentionMeasure,
    steps: formats.includes("steps-svg"),
  };
}

function parseFormats(text: string): FormatName[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (NAMES.includes(name as FormatName)) continue;
    throw new UsageError(
      `Cannot use --format: each format must be one of ${NAMES.join(", ")}: found ${
        JSON.stringify(name)
      }, the nearest is "${nearestName(name, NAMES)}"`,
    );
  }
  return [...new Set(names)] as FormatName[];
}

/** Refuses several graphs where there is room for one. */
function checkNumber(
  formats: readonly FormatName[],
  out: string | undefined,
  file: { format: FormatName; path: string } | undefined,
  isMany: boolean,
): void {
  const way = (format: string) => `add --out <folder> with --format ${format}`;
  if (file && isMany) {
    throw new UsageError(
      `Cannot write the graphs of several images into "${file.path}": ${
        way(file.format)
      }`,
    );
  }
  if (out !== undefined) return;
  const [format] = formats;
  if (formats.length > 1) {
    throw new UsageError(
      `Cannot print ${formats.length} formats at once: ${way(formats.join())}`,
    );
  }
  const isStream = WORDS.includes(format) || "isStream" in FORMATS[format];
  if (isMany && !isStream) {
    throw new UsageError(
      `Cannot print several graphs as ${format}, one after another: ${way(format)}`,
    );
  }
}

/**
 * Names the files of an image by its own file, without the ending; a name that another
 * image has already got becomes `name-2`.
 */
function unusedStem(name: string, used: Set<string>): string {
  const last = isAddress(name) ? fileNameOf(name) : lastName(name);
  const stem = last.replace(/\.\w+$/, "").toWellFormed()
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, "_").replace(/^[.-]+/, "").slice(0, 100) ||
    "image";
  let unused = stem;
  // File systems of macOS and Windows do not tell capitals.
  for (let i = 2; used.has(unused.toLowerCase()); i++) unused = `${stem}-${i}`;
  used.add(unused.toLowerCase());
  return unused;
}

/** Prints text that ends with a line break. */
function print(text: string): void {
  console.log(text.replace(/\n$/, ""));
}

/**
 * Reads `--threshold`.
 *
 * @throws {UsageError} If it is neither a number in [0, 1] nor `best-f1`.
 */
export function parseThreshold(text: string | undefined): number | "best-f1" | undefined {
  if (text === undefined || text === "best-f1") return text;
  const number = text.trim() === "" ? NaN : Number(text);
  if (number >= 0 && number <= 1) return number;
  throw new UsageError(
    `Cannot use --threshold as it must be a number from 0 to 1 or best-f1: found ${
      JSON.stringify(text)
    }`,
  );
}
