/**
 * The shape of the network to train, and its word vectors.
 *
 * @module
 */

import {
  type ModelShape,
  parseSgpConfig,
  type SgpConfig,
  type VariantName,
  VARIANTS,
} from "../config.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { WordVectorData } from "../model/sgp.ts";
import { builtInWords, nameVectors, type WordTable } from "../words/word_vectors.ts";

/** What decides the network. */
export interface NetworkChoice {
  /** Has the vocabulary. */
  dataset: Dataset;
  /** Variant of the network. */
  variant: VariantName;
  /** Its sizes and settings. */
  model: ModelShape;
  /** Word vectors; default: the table that comes with the library. */
  words?: WordTable;
}

/**
 * Makes the configuration of the network and finds its word vectors.
 *
 * @param choice What decides it.
 * @returns The configuration, and word vectors in variants that use them.
 * @throws {RangeError} If a setting is out of its range.
 */
export async function chooseNetwork(
  { dataset, variant, model, words }: NetworkChoice,
): Promise<{ config: SgpConfig; words?: WordVectorData }> {
  const { vocabulary } = dataset;
  const vectors = VARIANTS[variant].words
    ? wordVectorsOf(vocabulary, words ?? await builtInWords())
    : undefined;
  const config = parseSgpConfig({
    ...model,
    variant,
    numEntityClasses: vocabulary.numEntityClasses,
    numPredicates: vocabulary.numPredicates,
    embeddingSize: vectors?.size ?? 0,
  }, "the settings of the network");
  return { config, words: vectors };
}

/** Finds the vectors of all names; "no relation" gets zeros. */
function wordVectorsOf(
  { entities, predicates }: Dataset["vocabulary"],
  table: WordTable,
): WordVectorData {
  const ofEntities = nameVectors(entities, table);
  const { size } = ofEntities;
  const relations = new Float32Array((predicates.length + 1) * size);
  relations.set(nameVectors(predicates, table).data);
  return { size, entities: ofEntities.data, relations };
}
