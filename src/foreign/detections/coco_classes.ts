/**
 * The 80 classes of COCO, with their ids, which have gaps.
 *
 * @module
 */

/** A class of COCO. */
export interface CocoClass {
  /** Its id in COCO's annotations and results, 1 to 90. */
  id: number;
  name: string;
}

const NAMES = [
  ...["person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck"],
  ...["boat", "traffic light", "fire hydrant", "stop sign", "parking meter", "bench"],
  ...["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra"],
  ...["giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee"],
  ...["skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove"],
  ...["skateboard", "surfboard", "tennis racket", "bottle", "wine glass", "cup"],
  ...["fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange"],
  ...["broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch"],
  ...["potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse"],
  ...["remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink"],
  ...["refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier"],
  "toothbrush",
];

/** Ids of the first version of COCO whose classes were left out. */
const GAPS: ReadonlySet<number> = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);

/** The classes in the order of their ids; the place of a class is its index from 0. */
export const COCO_CLASSES: readonly CocoClass[] = Array.from({ length: 90 }, (_, i) => i)
  .map((i) => i + 1).filter((id) => !GAPS.has(id))
  .map((id, i) => ({ id, name: NAMES[i] }));

/** Their names, which detectors whose labels count from 0 have in this order. */
export const COCO_NAMES_FROM_ZERO: readonly string[] = COCO_CLASSES.map(({ name }) =>
  name
);
