/**
 * Cost against work: entities of an image, images at a time, images of a dataset.
 *
 * @module
 */

import type { Contender } from "./_contender.ts";
import { streamContenders } from "./_stream.ts";
import { oursPredicting } from "./predict.ts";
import type { Part } from "./row.ts";
import { oursTraining } from "./train.ts";

/** Ours, on one worker; how peers compare is seen in `predict` and `train`. */
export function contenders(part: Part): Contender[] {
  switch (part.work) {
    case "train":
      return oursTraining(part, [1]);
    case "stream":
      return streamContenders(part);
    default:
      return oursPredicting(part, [1]);
  }
}
