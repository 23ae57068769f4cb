/**
 * Cost as the work grows: entities of an image, images at a time, images of a dataset.
 *
 * @module
 */

import type { Contender } from "./_contender.ts";
import { streamContenders } from "./_stream.ts";
import { oursPredicting } from "./predict.ts";
import type { Part } from "./row.ts";
import { oursTraining } from "./train.ts";

/** Our system on one worker; `predict` and `train` compare it with peers. */
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
