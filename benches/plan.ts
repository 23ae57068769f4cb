/**
 * Plans the parts of a run of `deno task bench`.
 *
 * @module
 */

import type { BenchName, Part, System } from "./row.ts";

/** Settings of all parts, from the command line. */
export interface PlanOptions {
  /** Entities of an image, for `predict` and `train`. */
  sizes: readonly number[];
  /** Images at a time; default: 1 for `predict`, {@linkcode trainBatch} for `train`. */
  batches?: readonly number[];
  hidden: number;
  seconds: number;
  systems: readonly System[];
}

/**
 * Rows and columns of the left-hand side: a hidden layer over the pairs of 20 and of 40
 * entities, a first layer over the pairs of 20, and a hidden layer over 20 entities. In a
 * batch such small products become one, as its images are packed.
 */
const MATMUL_SHAPES = [[400, 500], [1600, 500], [400, 51], [20, 500]];

/** Approximate number of parameters of the published network. */
const ADAM_PARAMETERS = 5_200_000;

/** Entities of a single image in `scaling`. */
const SCALING_SIZES = [5, 10, 20, 40, 100];

/** Images at a time in `scaling`, with 10 entities each. */
const SCALING_BATCHES = [4, 16, 64];

/** Time of a part of `scaling`, as a share of that of other parts; it has many parts. */
const SCALING_TIME = 0.2;

/** Images of the datasets in `scaling`, and their mean number of entities. */
const STREAM_IMAGES = [1_000, 5_000, 20_000], STREAM_ENTITIES = 8;

/** Images of a stream to predict at a time, as many as in the paper. */
const STREAM_BATCH = 20;

/** Upper limit on the pairs of a training batch: 20 images of 40 entities take too long. */
const TRAIN_PAIRS = 8_000;

/** Plans the parts of a bench. */
export function planParts(bench: BenchName, options: PlanOptions): Part[] {
  const { sizes, batches, ...settings } = options;
  const seconds = options.seconds * (bench === "scaling" ? SCALING_TIME : 1);
  const part = (values: Pick<Part, "n" | "batch"> & Partial<Part>): Part => ({
    ...{ bench, ...settings, seconds },
    ...values,
  });
  switch (bench) {
    case "matmul":
      return MATMUL_SHAPES.map(([n, depth]) => part({ n, depth, batch: 1 }));
    case "predict":
      return sizes.flatMap((n) => (batches ?? [1]).map((batch) => part({ n, batch })));
    case "train":
      return sizes.flatMap((n) =>
        (batches ?? [trainBatch(n)]).map((batch) => part({ n, batch }))
      );
    case "adam":
      return [part({ n: ADAM_PARAMETERS, batch: 1 })];
    case "scaling":
      return [
        ...(["predict", "train"] as const).flatMap((work) => [
          ...SCALING_SIZES.map((n) => part({ n, batch: 1, work })),
          ...SCALING_BATCHES.map((batch) => part({ n: 10, batch, work })),
        ]),
        ...STREAM_IMAGES.map((images) =>
          part({ n: STREAM_ENTITIES, batch: STREAM_BATCH, work: "stream", images })
        ),
      ];
  }
}

/** The paper's 20 images, or fewer if these have over {@linkcode TRAIN_PAIRS} pairs. */
function trainBatch(n: number): number {
  return Math.max(1, Math.min(20, Math.floor(TRAIN_PAIRS / (n * n))));
}
