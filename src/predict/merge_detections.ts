/**
 * Finds boxes of different classes that are one thing, which a detector in doubt emits.
 *
 * @module
 */

import { intersectionOverUnion } from "../overlap.ts";
import { tableEntry } from "./classes/table_entry.ts";

/**
 * Two boxes of different classes of one group (two vehicles, two animals) with a greater
 * intersection over union are one thing. Of 1,127 annotated boxes of 120 images of COCO, 9
 * pairs of one group overlap more than that, such as chair and couch twice, bus and truck,
 * car and truck: most of them are one thing that was labelled twice.
 */
export const MERGE_OVERLAP = 0.6;
/**
 * The same for any two classes. Below it, things in or on each other overlap as much: a man
 * and his shirt, food and its plate.
 */
const MERGE_ANY = 0.9;

/** What a detector says of the boxes of one image. */
export interface Candidates {
  /** `[N, 4]`: left, top, right, bottom. */
  boxes: Float32Array;
  /** `[N, K]`: beliefs. */
  beliefs: Float32Array;
  /** Names of the K classes. */
  classes: readonly string[];
}

/** The likeliest class of a detection. */
export interface BestClass {
  /** Its index among the detector's classes. */
  index: number;
  /** The belief in it. */
  belief: number;
}

/** The likeliest class of each row `[K]` of beliefs, the first of equals. */
export function bestClasses(beliefs: Float32Array, numClasses: number): BestClass[] {
  return Array.from({ length: beliefs.length / numClasses }, (_, i) => {
    const row = beliefs.subarray(i * numClasses, (i + 1) * numClasses);
    let index = 0;
    for (let k = 1; k < numClasses; k++) if (row[k] > row[index]) index = k;
    return { index, belief: row[index] };
  });
}

/**
 * Joins the boxes that are one thing: the best first, each that is left joins the best box
 * of other class that it overlaps enough. Boxes of the same class stay apart, as a detector
 * has already chosen among them.
 *
 * @param candidates The boxes.
 * @param overlap Least intersection over union of boxes whose classes are of one group;
 * default {@linkcode MERGE_OVERLAP}. At 1 nothing is joined.
 * @returns The things, each a list of indices of boxes, the best first; in the order of
 * their best boxes.
 */
export function mergeDuplicates(
  { boxes, beliefs, classes }: Candidates,
  overlap: number = MERGE_OVERLAP,
): number[][] {
  const best = bestClasses(beliefs, classes.length);
  const order = best.map((_, i) => i).sort((i, j) => best[j].belief - best[i].belief);
  const things: number[][] = [];
  for (const i of order) {
    let chosen: number[] | undefined, most = 0;
    for (const thing of things) {
      const iou = intersectionOverUnion(boxes, thing[0], boxes, i);
      if (iou <= overlap || iou <= most) continue;
      const [first, other] = [best[thing[0]].index, best[i].index];
      if (thing.some((member) => best[member].index === other)) continue;
      if (iou > MERGE_ANY || isOneGroup(classes[first], classes[other])) {
        [chosen, most] = [thing, iou];
      }
    }
    if (chosen) chosen.push(i);
    else things.push([i]);
  }
  return things.sort((a, b) => a[0] - b[0]);
}

function isOneGroup(name: string, other: string): boolean {
  const group = tableEntry(name)?.group;
  return group !== undefined && group === tableEntry(other)?.group;
}
