/**
 * The label predictor of a dataset. Checkpoints keep it, so that they can be used without
 * relation logits.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { LABEL_PREDICTOR_FILE } from "../dataset/manifest.ts";
import { exists, readFile } from "../files.ts";
import { decodeSafetensors, type NamedArray } from "../io/safetensors.ts";
import { EntityProfiles } from "./entity_profiles.ts";
import { FrequencyPredictor } from "./frequency.ts";
import { addRelations, zeroCounts } from "./relation_counts.ts";

/** A label predictor as plain data. */
export interface StoredLabelPredictor {
  name: string;
  arrays: Readonly<Record<string, NamedArray>>;
  /** `[C, C]`: the distribution over classes behind each label; see `entity_profiles.ts`. */
  entityProfiles: Float32Array;
  /** `[C]`: number of training entities of each class. */
  classCounts: Float32Array;
}

/**
 * Reads the label predictor that preprocessing fitted and stored with the dataset; if it
 * stored none, counts class statistics. Reads the training images once.
 */
export async function labelPredictorOf(dataset: Dataset): Promise<StoredLabelPredictor> {
  const path = `${dataset.folder}/${LABEL_PREDICTOR_FILE}`;
  const isFitted = await exists(path);
  const counts = zeroCounts(dataset.vocabulary);
  const profiles = new EntityProfiles(dataset.vocabulary.numEntityClasses);
  const classCounts = new Float32Array(dataset.vocabulary.numEntityClasses);
  for await (const example of dataset.examples("train")) {
    for (const label of example.entityLabels) classCounts[label]++;
    if (!isFitted) addRelations(counts, example);
    profiles.add(example);
  }
  const entityProfiles = profiles.result();
  if (isFitted) {
    const { arrays, metadata } = decodeSafetensors(await readFile(path), path);
    return { name: metadata.name, arrays, entityProfiles, classCounts };
  }
  const predictor = new FrequencyPredictor(counts);
  return {
    name: predictor.name,
    arrays: predictor.toArrays(),
    entityProfiles,
    classCounts,
  };
}
