/**
 * What a table of counts gets: the field's baseline FREQ as a system that can be scored on
 * any dataset.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import type { System } from "../../eval/evaluate.ts";
import type { Example } from "../../example.ts";
import { FrequencyPredictor } from "../../label_predictor/frequency.ts";
import { addRelations, zeroCounts } from "../../label_predictor/relation_counts.ts";
import { softmaxRows } from "../../softmax.ts";

/** The system for tasks that give the labels of entities, and for those that do not. */
export interface CountTable {
  /** Looks up the annotated labels. */
  given: System;
  /** Looks up the labels that the dataset's label predictor believes. */
  predicted: System;
}

/**
 * Counts the relations of the training images.
 *
 * @param dataset The dataset; its label predictor gives the labels of entities where the
 * task does not.
 */
export async function countTable(dataset: Dataset): Promise<CountTable> {
  const counts = zeroCounts(dataset.vocabulary);
  for await (const example of dataset.examples("train")) addRelations(counts, example);
  const predictor = new FrequencyPredictor(counts);
  const { numEntityClasses } = dataset.vocabulary;
  const systemOf =
    (probabilitiesOf: (example: Example) => Float32Array): System => (examples) =>
      Promise.resolve(examples.map((example) => ({
        ...example,
        relationLogits: predictor.predictRelations({
          ...example,
          entityProbabilities: probabilitiesOf(example),
        }),
      })));
  return {
    given: systemOf(({ entityLabels }) => {
      const oneHot = new Float32Array(entityLabels.length * numEntityClasses);
      for (const [i, label] of entityLabels.entries()) {
        oneHot[i * numEntityClasses + label] = 1;
      }
      return oneHot;
    }),
    predicted: systemOf(({ entityLogits }) =>
      Float32Array.from(softmaxRows(entityLogits, numEntityClasses))
    ),
  };
}
