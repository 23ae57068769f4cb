/**
 * Preprocesses the user's own data line by line, as a filter does: annotated images in,
 * examples with logits out.
 *
 * @module
 */

import { readUserLine } from "../dataset/formats/user_json_line.ts";
import { imageText } from "../dataset/formats/user_json_text.ts";
import { checkFloat16 } from "../dataset/shard.ts";
import { checkExample } from "../example.ts";
import { Float16, widened } from "../float16.ts";
import { Vocabulary } from "../vocabulary.ts";
import { openExampleMaker } from "./preprocess.ts";
import { prepareJson, type PreprocessJsonOptions } from "./preprocess_json.ts";

/**
 * Opens the fits of the label predictor for lines.
 *
 * @param options The file of all images, which the label predictor was fitted on, and how it
 * was fitted.
 * @returns Makes the text of an example from a line with an image: the line that `convert`
 * writes for the example of the dataset. For a first line, which describes a file, it gives
 * `undefined`. An image that is not in the file gets the logits of a test image.
 * @throws {RangeError} If the file has errors or logits, or fits are missing.
 */
export async function openLinePreprocessor(
  options: PreprocessJsonOptions,
): Promise<(line: Uint8Array) => Promise<string | undefined>> {
  const input = await prepareJson(options);
  if (!input) {
    throw new RangeError(
      `Cannot preprocess lines of "${options.file}" as its images must have no logits: found some, so that there is nothing to compute; give the lines to "eval --lines" as they are`,
    );
  }
  const [, , { vocabulary: names }] = input, vocabulary = new Vocabulary(names);
  const maker = await openExampleMaker(...input);
  return async (line) => {
    const found = readUserLine(line, vocabulary, options);
    if (!found) return undefined;
    const { image, split = maker.splits.get(image.id) } = found;
    if (image.relationLogits) {
      throw new RangeError(
        `Cannot preprocess "${image.id}" as it must have no relationLogits: found some; it is an example as it is`,
      );
    }
    const example = await maker.exampleOf(image);
    checkExample(example, vocabulary);
    checkFloat16(example);
    // A dataset keeps logits in 16 bits.
    const { entityLogits, relationLogits } = example;
    const stored = {
      ...example,
      entityLogits: widened(Float16.from(entityLogits)),
      relationLogits: widened(Float16.from(relationLogits)),
    };
    return imageText(stored, split, { vocabulary });
  };
}
