/**
 * The commands whose numbers the documents show.
 *
 * @module
 */

/** The commands of one file. */
export interface ResultSpec {
  /** Name of the file. */
  name: string;
  /** What it shows and how long it takes on two cores, for `--help`. */
  takes: string;
  /** Commands, without "deno task", that must have run before; their output is not kept. */
  needs?: readonly string[];
  /** Commands whose output is kept; `--json` is added. */
  prints: readonly string[];
  /** Timings are made this many times over, and their lines name the processor. */
  runs?: number;
}

/** Networks of the built-in world: the control first. */
export const VARIANTS = [
  "gpi_no_context",
  "gpi_mean",
  "gpi_neighbour_attention",
  "gpi_feature_attention",
  "gpi_linguistic",
] as const;

/** Every average in the documents is over these. */
export const SEEDS = [0, 1, 2] as const;

/** What the runs on VRD have in common, and those at the published size. */
const VRD = "--dataset vrd --epochs 4";
const EVAL_VRD = "--protocol motifs --task predcls --metrics R,ngR --control none";
const PAPER =
  "--preset paper --learning-rate 5e-4 --schedule cosine --workers 1 --epochs";

/** All of them, the quick ones first. */
export const RESULTS: readonly ResultSpec[] = [
  { name: "world", takes: "oracles of the built-in world: seconds", prints: ["world"] },
  {
    name: "vrd_statistics",
    takes: "what is in VRD: 5 minutes",
    needs: ["download vrd", "preprocess vrd"],
    prints: ["validate vrd"],
  },
  {
    name: "vg5k_statistics",
    takes: "what is in vg5k: 2 minutes",
    needs: [
      "download vg5k",
      "preprocess vg5k --label-predictor frequency --name vg5k_frequency",
      "preprocess vg5k --detections rcnn --label-predictor frequency --name vg5k_rcnn_frequency",
    ],
    prints: ["validate vg5k_frequency", "validate vg5k_rcnn_frequency"],
  },
  {
    name: "label_predictors",
    takes: "label predictors on VRD: 10 minutes",
    needs: ["download vrd"],
    prints: SEEDS.map((seed) => `label-predictors --seeds 1 --seed ${seed}`),
  },
  {
    name: "label_predictors_vg5k",
    takes: "label predictors on vg5k, with external counts and without: 15 minutes",
    needs: ["download vg5k"],
    prints: SEEDS.map((seed) => `label-predictors vg5k --seeds 1 --seed ${seed}`),
  },
  {
    name: "synthetic",
    takes: "every variant on the built-in world: an hour",
    needs: VARIANTS.map((variant) => `train ${variant} --seeds 3 --workers 1`),
    prints: VARIANTS.flatMap((variant) => [
      `eval ${variant}_best --seeds 3 --protocol motifs`,
      ...SEEDS.map((seed) =>
        `eval ${variant}${
          seed === 0 ? "" : `_seed${seed}`
        }_best --protocol motifs --control none`
      ),
    ]),
  },
  {
    name: "vrd",
    takes: "the network and its control on VRD: an hour",
    needs: [
      ...["download vrd", "preprocess vrd"],
      `train gpi_no_context ${VRD} --negative-ratio 0.2 --seeds 3 --workers 1`,
      `train gpi_linguistic ${VRD} --negative-ratio 0.2 --seeds 3 --workers 1`,
    ],
    prints: [
      "eval gpi_linguistic_vrd_best --seeds 3 --protocol motifs --metrics R,ngR",
    ],
  },
  {
    name: "negative_ratio",
    takes: "the published weight of unrelated pairs, on VRD: 15 minutes after vrd",
    needs: [
      ...["download vrd", "preprocess vrd"],
      `train gpi_linguistic ${VRD} --negative-ratio 0.2 --workers 1`,
      `train gpi_linguistic ${VRD} --name vrd_ratio_10 --workers 1`,
    ],
    prints: [
      `eval gpi_linguistic_vrd_best ${EVAL_VRD}`,
      `eval vrd_ratio_10_best ${EVAL_VRD}`,
    ],
  },
  {
    name: "int8",
    takes: "8 bits beside 32, at the published size: hours",
    needs: [
      ...["download vrd", "preprocess vrd"],
      `train gpi_linguistic --name paper ${PAPER} 8 --dropout 0`,
      `train gpi_linguistic --name paper_vrd --dataset vrd ${PAPER} 4`,
    ],
    prints: ["paper_best", "paper_vrd_best"].flatMap((name) =>
      ["float32", "int8"].map((precision) =>
        `eval ${name} --task sgcls --protocol motifs --precision ${precision}`
      )
    ),
  },
  {
    name: "speed",
    takes: "the benchmark: eight minutes on a machine that does nothing else",
    prints: ["bench"],
    runs: 1,
  },
];

/** Where the lines of a file lie. */
export function resultPath(name: string): string {
  return `docs/results/${name}.jsonl`;
}
