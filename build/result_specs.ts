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
  "--preset paper --learning-rate 5e-4 --schedule cosine --epsilon 1e-10 --negative-ratio 10 --workers 1 --epochs";

/** The settings of the models of photographs. */
export const PHOTOGRAPHS =
  "--steps 1 --hidden 128 --layers 128 --dropout 0.2 --epochs 8 --entity-weight 10 --negative-ratio 0 --relation-trust 0 --relations reread --select loss --workers 1";
const VG5K = ["download vg5k", "preprocess vg5k --detections mixed"];
const MODEL = "gpi_linguistic_vg5k_mixed_best";

/** The settings of the models of VRD with detected labels. */
const VRD_RCNN =
  "--steps 1 --hidden 128 --layers 128 --dropout 0.1 --epochs 3 --entity-weight 10 --negative-ratio 0 --relations reread --workers 1 --seeds 3";

/** The settings of the models of `vg5k` with detected labels. */
const VG5K_RCNN =
  "--steps 1 --hidden 128 --layers 128 --dropout 0.1 --epochs 6 --entity-weight 10 --negative-ratio 0 --relations reread --select loss --workers 1 --seeds 3";
const VG5K_RCNN_MODEL = "gpi_linguistic_vg5k_rcnn_all_best";

/** Datasets of the ablation. */
const ABLATION = "synthetic,vrd_rcnn,vg5k_rcnn_all,rs_mksgg";

/** Relationship and phrase detection in both halves of VRD's test images. */
const BOXES =
  "--dataset vrd_rcnn_half0_boxes+vrd_rcnn_half1_boxes --protocol vrd --task sgdet,phrdet --k 50,100";

/** Weights of unrelated pairs that are compared, on the built-in world. */
export const RATIOS = [0, 0.2, 1, 10] as const;

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
      "preprocess vg5k --detections rcnn --versions 1 --label-predictor frequency --name vg5k_rcnn_frequency",
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
      `train gpi_no_context ${VRD} --seeds 3 --workers 1`,
      `train gpi_linguistic ${VRD} --seeds 3 --workers 1`,
    ],
    prints: [
      "eval gpi_linguistic_vrd_best --seeds 3 --protocol motifs --metrics R,ngR,mR,F1,zR",
    ],
  },
  {
    name: "negative_ratio",
    takes: "the published weight of unrelated pairs, on VRD: 15 minutes after vrd",
    needs: [
      ...["download vrd", "preprocess vrd"],
      `train gpi_linguistic ${VRD} --workers 1`,
      `train gpi_linguistic ${VRD} --negative-ratio 10 --name vrd_ratio_10 --workers 1`,
    ],
    prints: [
      `eval gpi_linguistic_vrd_best ${EVAL_VRD}`,
      `eval vrd_ratio_10_best ${EVAL_VRD}`,
    ],
  },
  {
    name: "ratios",
    takes: "weights of unrelated pairs, on the built-in world: 20 minutes",
    needs: RATIOS.map((ratio) =>
      `train gpi_linguistic --name ratio_${ratio} --negative-ratio ${ratio} --seeds 3 --workers 1`
    ),
    prints: RATIOS.map((ratio) =>
      `eval ratio_${ratio}_best --seeds 3 --protocol motifs --metrics R,ngR,mR --control none`
    ),
  },
  {
    name: "swept_ratios",
    takes: "weights of unrelated pairs, on VRD and vg5k: 20 minutes",
    needs: ["download vrd", "preprocess vrd", "download vg5k", "preprocess vg5k"],
    prints: ["sweep examples/sweep_vrd.json", "sweep examples/sweep_vg5k.json"],
  },
  {
    name: "vrd_rcnn",
    takes: "the network and its control on VRD with detected labels: half an hour",
    needs: [
      ...["download vrd", "download vrd_rcnn"],
      ...[0, 1].flatMap((half) => [
        `preprocess vrd --detections rcnn --half ${half}`,
        ...["gpi_no_context", "gpi_linguistic"].map((variant) =>
          `train ${variant} --dataset vrd_rcnn_half${half} ${VRD_RCNN}`
        ),
      ]),
    ],
    prints: [
      `eval gpi_linguistic_vrd_rcnn_half0_best --join gpi_linguistic_vrd_rcnn_half1_best --seeds 3 --protocol motifs --task sgcls --metrics R,ngR,accuracy`,
    ],
  },
  {
    name: "vrd_rcnn_boxes",
    takes: "relations among the detected boxes of VRD: 10 minutes after vrd_rcnn",
    needs: [0, 1].map((half) =>
      `preprocess vrd --detections rcnn --half ${half} --nodes detections --versions 1`
    ),
    prints: [
      `eval gpi_linguistic_vrd_rcnn_half0_best --join gpi_linguistic_vrd_rcnn_half1_best --seeds 3 ${BOXES} --metrics R,R/10,R/70,zR`,
    ],
  },
  {
    name: "vg5k",
    takes: "the network and its control on photographs' annotations: 45 minutes",
    needs: [
      ...VG5K,
      "preprocess vg5k --detections rcnn",
      `train gpi_linguistic --dataset vg5k_mixed ${PHOTOGRAPHS} --seeds 3`,
      `train gpi_no_context --dataset vg5k_mixed ${PHOTOGRAPHS} --seeds 3`,
    ],
    prints: [
      `eval ${MODEL} --seeds 3 --protocol motifs --task predcls --metrics R,mR,F1,ngR`,
      `eval ${MODEL} --seeds 3 --dataset vg5k_rcnn --protocol motifs --task sgcls --metrics R,accuracy`,
    ],
  },
  {
    name: "vg5k_rcnn",
    takes:
      "the network and its control on photographs with detected labels: half an hour",
    needs: [
      "download vg5k",
      "preprocess vg5k --detections rcnn",
      "preprocess vg5k --detections rcnn --nodes annotated",
      "preprocess vg5k --detections rcnn --nodes detections --versions 1",
      ...["vg5k_rcnn", "vg5k_rcnn_all"].flatMap((dataset) =>
        ["gpi_no_context", "gpi_linguistic"].map((variant) =>
          `train ${variant} --dataset ${dataset} ${VG5K_RCNN}`
        )
      ),
    ],
    prints: [
      `eval ${VG5K_RCNN_MODEL} --seeds 3 --protocol motifs --task sgcls --metrics R,mR,ngR,accuracy`,
      `eval gpi_linguistic_vg5k_rcnn_best --seeds 3 --protocol motifs --task sgcls --metrics R,mR,ngR,accuracy`,
      `eval ${VG5K_RCNN_MODEL} --dataset vg5k_rcnn_boxes --seeds 3 --protocol motifs --task sgdet --metrics R,ngR`,
    ],
  },
  {
    name: "vg5k_reliability",
    takes: "what the probabilities of photographs' models are worth: minutes after vg5k",
    needs: [],
    prints: ["vg5k_mixed", "vg5k_rcnn"].map((dataset) =>
      `eval ${MODEL} --dataset ${dataset} --task sgcls --protocol motifs --k 50 --control none --reliability`
    ),
  },
  {
    name: "kept_labels",
    takes: "labels kept and revised, by the shipped model of photographs: 15 minutes",
    needs: [
      "download vg5k",
      ...["stated", "rcnn"].map((labels) => `preprocess vg5k --detections ${labels}`),
    ],
    prints: ["vg5k_stated", "vg5k_rcnn"].flatMap((dataset) =>
      ["validation", "test"].map((split) =>
        `eval gpi_linguistic_vg_pretrained --dataset ${dataset} --split ${split} --task sgcls --protocol motifs --metrics R,accuracy --k 50 --control none --no-count-table --kept-labels`
      )
    ),
  },
  {
    name: "logit_adjustment",
    takes: "rare predicates against frequent ones, on photographs: minutes after vg5k",
    needs: [],
    prints: ["", " --logit-adjustment auto"].map((adjustment) =>
      `eval gpi_linguistic_vg_pretrained --dataset vg5k_rcnn --task sgcls --protocol motifs --k 50 --metrics R,mR,F1 --control none --no-count-table --workers 1${adjustment}`
    ),
  },
  {
    name: "photographs",
    takes:
      "labels from pixels: 15 minutes; data/raw/coco must have photographs with COCO's boxes",
    needs: [0, 1].flatMap((half) => [
      `preprocess vg5k --detections mixed --half ${half} --name vg5k_half${half}`,
      ...["gpi_linguistic", "gpi_no_context"].map((variant) =>
        `train ${variant} --dataset vg5k_half${half} ${PHOTOGRAPHS}`
      ),
    ]),
    prints: [
      `build:photographs data/raw/coco ${
        ["gpi_linguistic", "gpi_no_context"].map((variant) =>
          [0, 1].map((half) => `${variant}_vg5k_half${half}_best`).join()
        ).join(" ")
      }`,
    ],
  },
  {
    name: "graph_labelling",
    takes: "the paper's synthetic experiment: half an hour",
    prints: ["study graph-labelling"],
  },
  {
    name: "ablation",
    takes:
      "the paper's tables: four hours; data/raw must have what docs/ablation.md says",
    prints: [
      "study ablation --datasets synthetic,vrd_rcnn --compare networks --seeds 5",
      "study ablation --datasets vg5k_rcnn_all --compare networks --seeds 5",
      "study ablation --datasets rs_mksgg --compare networks,steps,features --seeds 5",
      "study ablation --datasets synthetic --compare steps,features --seeds 3",
      "study ablation --datasets vrd_rcnn --compare steps,features --seeds 3",
      "study ablation --datasets vg5k_rcnn_all --compare steps,features --seeds 3",
      `study ablation --datasets ${ABLATION} --compare networks --seeds 3`,
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
    name: "runtimes",
    takes: "the npm package in Node.js, Bun and Deno: 5 minutes, half a gigabyte",
    prints: ["bench:runtimes"],
    runs: 1,
  },
  {
    name: "stages",
    takes: "seconds of a core and bytes of each stage, for docs/scale.md: 3 minutes",
    needs: ["download photographs"],
    prints: ["bench:stages data/raw/photographs"],
    runs: 1,
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
