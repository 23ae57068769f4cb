/**
 * Files of predictions in memory.
 *
 * @module
 */

import {
  openPredictions,
  type PredictionSource,
} from "../../../src/eval/prediction_files/open.ts";
import { Vocabulary } from "../../../src/vocabulary.ts";

const vocabulary = new Vocabulary({
  entities: ["man", "hat", "dog"],
  predicates: ["on", "wearing"],
});

/** A file in memory, in pieces of 7 bytes that cut words and letters apart. */
export function source(
  name: string,
  text: string,
  others: Record<string, string> = {},
): PredictionSource {
  const bytes = new TextEncoder().encode(text);
  return {
    name,
    chunks: async function* () {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
    beside: (other) =>
      Promise.resolve(
        other in others ? new TextEncoder().encode(others[other]) : undefined,
      ),
  };
}

const context = {
  vocabulary,
  findImage: (file: string) => ({ id: file, size: [1200, 300] as const }),
};

/** Reads a whole file. */
export async function readAll(given: PredictionSource) {
  const { images, ...rest } = await openPredictions(given, context);
  return { ...rest, images: await Array.fromAsync(images) };
}
