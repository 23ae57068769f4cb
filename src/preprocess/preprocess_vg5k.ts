/**
 * Preprocesses `vg5k`: images of Visual Genome from the files that `download vg5k` fetches.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { findSource } from "../download/sources.ts";
import { mendedDetails, preprocess, type PreprocessOptions } from "./preprocess.ts";
import { readVg5k } from "./read_vg5k.ts";

/** Settings of {@linkcode preprocessVg5k}. */
export interface PreprocessVg5kOptions extends PreprocessOptions {
  /** Folder of the downloaded files. */
  raw: string;
  /** Folder of the dataset. */
  out: string;
  /** Name of the dataset; default `"vg5k"`. */
  name?: string;
  /** The command line, which the manifest records. */
  command: string;
}

/**
 * Makes the processed dataset, whose entity labels are given.
 *
 * @param options Where to read and write, and how the label predictor is fitted.
 * @returns The dataset, open for reading; an existing one if it was made from the same
 * inputs.
 * @throws {RangeError} If a file is missing or has impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function preprocessVg5k(options: PreprocessVg5kOptions): Promise<Dataset> {
  const { raw, out, command, name = "vg5k", onWarning } = options;
  const { vocabulary, images, counts, hash, rules } = await readVg5k(raw, options);
  for (const { place, problem } of rules.warnings) onWarning?.(`${place} ${problem}`);
  const { title, publisher, licence } = findSource("vg5k");
  return await preprocess(out, images, {
    name,
    vocabulary: vocabulary.toJSON(),
    source: `${title}, ${publisher}`,
    licence,
    command,
    imagesHash: hash,
    details: {
      entityLabels: "given",
      annotated: { ...counts },
      ...mendedDetails(rules.counts),
    },
  }, options);
}
