/**
 * The counts of other images' relations that come with `vg5k`, for the label predictor.
 *
 * @module
 */

import { findSource } from "../download/sources.ts";
import type { SourcedCounts } from "./preprocess.ts";
import { readVg5kTripletCounts } from "./read_vg5k.ts";

/**
 * Reads the counts.
 *
 * @param raw Folder of the files that `download vg5k` fetches.
 * @returns The counts in the vocabulary of `vg5k`, with their source.
 * @throws {RangeError} If a file is missing or has impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function vg5kExternalCounts(raw: string): Promise<SourcedCounts> {
  const { subjects, objects, predicates, counts } = await readVg5kTripletCounts(raw);
  const { title, publisher } = findSource("vg5k");
  const source = `tuples-counts_train.json (relations of other images) of ${title}`;
  return { subjects, objects, predicates, counts, source: `${source}, ${publisher}` };
}
