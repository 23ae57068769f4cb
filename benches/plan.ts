/**
 * Which parts a run of `deno task bench` has.
 *
 * @module
 */

import type { BenchName, Part, System } from "./row.ts";

/** What the command line says of all parts. */
export interface PlanOptions {
  /** Entities of an image, for `predict` and `train`. */
  sizes: readonly number[];
  /** Images at a time; none: 1 for `predict`, {@linkcode trainBatch} for `train`. */
  batches?: readonly number[];
  hidden: number;
  seconds: number;
  systems: readonly System[];
}

/**
 * Rows and columns of the left-hand side: 20 and 40 entities in a hidden layer over
 * pairs, 20 in a first one, 20 in a hidden layer over entities. A batch of such small
 * products is one product, as its images are packed.
 */
const MATMUL_SHAPES = [[400, 500], [1600, 500], [400, 51], [20, 500]];

/** Parameters of the published network, about. */
const ADAM_PARAMETERS = 5_200_000;

/** Scaling: entities at one image a time, and images at a time at 10 entities. */
const SCALING_SIZES = [5, 10, 20, 40, 100], SCALING_BATCHES = [4, 16, 64];

/** Scaling: its share of the time that other parts get, as it has many. */
const SCALING_TIME = 0.2;

/** Scaling: images of a dataset, which has 8 entities an image on average. */
const STREAM_IMAGES = [1_000, 5_000, 20_000], STREAM_ENTITIES = 8;

/** Images of the stream that are predicted at a time; 20 in the paper. */
const STREAM_BATCH = 20;

/** Pairs of a training batch at most: at 40 entities 20 images take many seconds. */
const TRAIN_PAIRS = 8_000;

/** The parts of a bench. */
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

/** The paper's 20 images, or as many as have {@linkcode TRAIN_PAIRS} pairs. */
function trainBatch(n: number): number {
  return Math.max(1, Math.min(20, Math.floor(TRAIN_PAIRS / (n * n))));
}
