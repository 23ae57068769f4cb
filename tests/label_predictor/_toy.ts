/**
 * A toy world that a perceptron learns in a second.
 *
 * @module
 */

import type { AnnotatedImage } from "../../src/example.ts";
import type { PerceptronTraining } from "../../src/label_predictor/fit_perceptron.ts";
import { Random } from "../../src/random.ts";
import { Vocabulary } from "../../src/vocabulary.ts";

export const TOY_VOCABULARY = new Vocabulary({
  entities: ["cup", "table", "dog"],
  predicates: ["left of", "right of"],
});

/** One recipe for both networks. */
export const TOY_TRAINING = {
  hidden: 16,
  epochs: 12,
  mostUpdates: 1000,
  batchSize: 16,
  learningRate: 1e-2,
  warmUpUpdates: 5,
  weightDecay: 1e-2,
  dropout: 0.1,
};

/** The recipe for both networks, with another number of epochs. */
export function toyTraining(epochs = TOY_TRAINING.epochs): PerceptronTraining {
  const network = { ...TOY_TRAINING, epochs };
  return { predicates: network, relatedness: network };
}

/**
 * Images of a cup, a table and a dog. Cup and table are always related; the predicate tells
 * which of them is further left. The dog is never related.
 */
export function toyImages(count: number, seed: number): AnnotatedImage[] {
  const random = new Random(seed, "toy");
  return Array.from({ length: count }, (_, id) => {
    const boxes = [0, 1, 2].flatMap(() => {
      const x = random.between(0, 80), y = random.between(0, 80);
      return [x, y, x + random.between(5, 20), y + random.between(5, 20)];
    });
    const centre = (i: number) => boxes[4 * i] + boxes[4 * i + 2];
    const isLeft = centre(0) < centre(1);
    return {
      id: `${seed}-${id}`,
      width: 100,
      height: 100,
      boxes: Float32Array.from(boxes),
      entityLabels: Int32Array.of(0, 1, 2),
      relations: Int32Array.of(0, 1, isLeft ? 0 : 1, 1, 0, isLeft ? 1 : 0),
    };
  });
}
