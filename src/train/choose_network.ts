/**
 * The shape of the network to train, and its word vectors.
 *
 * @module
 */

import {
  type ModelShape,
  type RelationForm,
  type SgpConfig,
  type VariantName,
  VARIANTS,
} from "../config.ts";
import { parseSgpConfig } from "../parse_config.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { WordVectorData } from "../model/sgp.ts";
import { LABEL_PREDICTORS } from "../label_predictor/label_predictor.ts";
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
    relations: relationFormOf(dataset, model),
    variant,
    numEntityClasses: vocabulary.numEntityClasses,
    numPredicates: vocabulary.numPredicates,
    embeddingSize: vectors?.size ?? 0,
  }, "the settings of the network");
  return { config, words: vectors };
}

/**
 * Whether the relation logits of a dataset are those of a label predictor that can read them
 * again from other labels. A simulated detector cannot, nor can a file of somebody else.
 */
export function canReread({ manifest: { labelPredictor } }: Dataset): boolean {
  const { name, simulated } = labelPredictor;
  return !simulated && (LABEL_PREDICTORS as readonly string[]).includes(name);
}

function relationFormOf(
  dataset: Dataset,
  { relations, features, relationsOnly }: ModelShape,
): RelationForm {
  const isPossible = canReread(dataset) && !relationsOnly;
  if (relations === undefined) {
    return isPossible && features === "default" ? "reread" : "network";
  }
  if (relations === "network" || isPossible) return relations;
  const { name, labelPredictor } = dataset.manifest;
  throw new RangeError(
    `Cannot train with relations "${relations}" as ${
      relationsOnly
        ? "the network must revise labels, which relationsOnly forbids"
        : `the relation logits of "${name}" must be those of a label predictor of this program: found "${labelPredictor.name}"`
    }; use "network"`,
  );
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
