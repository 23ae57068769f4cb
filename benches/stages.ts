/**
 * Measures each stage for many images: seconds of a core for the start of a process and for
 * each image, and bytes. A stage runs twice, with few images and with more: the difference
 * is that of the images.
 *
 *     deno task bench:stages photos/ --json
 *
 * @module
 */

import { PROCESSED } from "../src/dataset/dataset.ts";
import type { StageRate } from "../src/scale/stage_costs.ts";
import { writeWorldDataset } from "../src/world/write_dataset.ts";
import { progressBar } from "../tasks/_cli/progress.ts";
import { runTask } from "../tasks/_cli/run.ts";
import { timeTask } from "./_processes.ts";

const MODEL = "gpi_linguistic_pretrained";

/** Few images, and more, of each stage; photographs take longest. */
const SIZES = {
  images: [20, 1020],
  inputs: [3, 303],
  photographs: [2, 22],
  names: [20, 20_020],
} as const;

/** Begins the names of the datasets in `data/processed`, which are removed. */
const NAME = "bench_stages";

/** Training images of each dataset: for counts, and for the fits of the label predictor. */
const TRAIN = 50;

/** A stage: what runs it on a number of images, and what it reads and writes. */
interface Stage {
  stage: string;
  sizes: readonly [few: number, more: number];
  task: string;
  args: (images: number) => string[];
  /** File or folder that is read and written, of so many images. */
  reads: (images: number) => string;
  /** Whether each job does it for all images. */
  everyJob?: boolean;
  writes?: (images: number) => string;
}

if (import.meta.main) {
  await runTask({
    name: "bench:stages",
    summary:
      `Measure the stages for many images: seconds of a core for a start and for an image, and
bytes. "deno task scale" computes from them what very many images cost.

Datasets are scenes of the built-in world; the inputs of predict are those of examples/.`,
    positionals: {
      photographs: {
        path: "path",
        default: "",
        help: "Folder of photographs for detect, which is left out without it",
      },
    },
    examples: ["bench:stages", "bench:stages data/raw/photographs --json"],
  }, async ({ photographs, ...options }) => {
    const folder = await Deno.makeTempDir(), bar = progressBar("stages", "runs", options);
    const rows: StageRate[] = [];
    try {
      const stages = await prepare(folder, photographs);
      for (const [i, stage] of stages.entries()) {
        rows.push(
          await measure(stage, (run) => bar.update(2 * i + run, 2 * stages.length)),
        );
      }
    } finally {
      bar.done();
      const made = SIZES.images.flatMap((images) => [
        `${PROCESSED}/${NAME}_${images}.1-of-1`,
        `${PROCESSED}/.fits_${NAME}_${images}`,
      ]);
      for (const path of [folder, ...made]) {
        await Deno.remove(path, { recursive: true }).catch(() => {});
      }
    }
    if (!options.json) console.log(HEAD);
    for (const row of rows) console.log(options.json ? JSON.stringify(row) : lineOf(row));
  });
}

/** Makes what the stages read. */
async function prepare(folder: string, photographs: string): Promise<Stage[]> {
  const data = (images: number) => `${folder}/data_${images}`;
  const json = (images: number) => [
    ...["json", "--raw", `${data(images)}.jsonl`, "--name", `${NAME}_${images}`],
  ];
  for (const images of SIZES.images) {
    await writeWorldDataset(data(images), {
      command: "deno task bench:stages",
      sizes: { train: TRAIN, validation: 1, test: images },
    });
    // Annotations alone, as people have them.
    await timeTask("convert", [data(images), `${data(images)}.jsonl`, "--no-logits"]);
    await timeTask("preprocess", [...json(images), "--fits-only"]);
  }
  const examples = ["dog", "horses", "person"].map((name) => `examples/${name}.json`);
  for (const images of SIZES.inputs) {
    await copies(examples, `${folder}/inputs_${images}`, images);
  }
  const out = (name: string) => (images: number) => `${folder}/${name}_${images}`;
  const state = (name: string) => (images: number) => `${out(name)(images)}.safetensors`;
  const evaluate = (images: number) => ["--dataset", data(images), "--workers", "1"];
  for (const names of SIZES.names) {
    await Deno.mkdir(`${folder}/names_${names}`);
    for (let i = 0; i < names; i++) {
      await Deno.writeTextFile(`${folder}/names_${names}/${i}.jpg`, "");
    }
  }
  const stages: Stage[] = [
    {
      // A job lists all images, though it takes only its part: here the first of very many.
      ...{ stage: "list", task: "detect", sizes: SIZES.names },
      args: (n) => [out("names")(n), "--shard", "1/1000000", "--out", out("none")(n)],
      ...{ reads: out("names"), everyJob: true },
    },
    {
      ...{ stage: "preprocess", task: "preprocess", sizes: SIZES.images },
      args: (n) => [...json(n), "--shard", "1/1"],
      reads: (n) => `${data(n)}.jsonl`,
      writes: (n) => `${PROCESSED}/${NAME}_${n}.1-of-1`,
    },
    {
      ...{ stage: "predict", task: "predict", sizes: SIZES.inputs },
      args: (n) => [
        ...[
          `${folder}/inputs_${n}/*.json`,
          "--format",
          "json",
          "--out",
          out("graphs")(n),
        ],
      ],
      ...{ reads: out("inputs"), writes: out("graphs") },
    },
    {
      ...{ stage: "eval", task: "eval", sizes: SIZES.images },
      args: (n) => [MODEL, ...evaluate(n), "--state", state("eval")(n)],
      ...{ reads: data, writes: state("eval") },
    },
    {
      ...{ stage: "score", task: "score", sizes: SIZES.images },
      args: (n) => ["label_predictor", data(n), "--state", state("score")(n)],
      ...{ reads: data, writes: state("score") },
    },
    {
      ...{ stage: "merge", task: "merge", sizes: SIZES.images },
      args: (n) => [state("eval")(n), "--dataset", data(n)],
      reads: state("eval"),
    },
  ];
  if (photographs === "") return stages;
  const files = await Array.fromAsync(Deno.readDir(photographs));
  const paths = files.filter(({ name }) => /\.(jpe?g|png|webp)$/i.test(name))
    .map(({ name }) => `${photographs}/${name}`).sort();
  if (paths.length === 0) {
    throw new RangeError(
      `Cannot measure detect as "${photographs}" must have photographs: found none`,
    );
  }
  for (const images of SIZES.photographs) {
    await copies(paths, `${folder}/photographs_${images}`, images);
  }
  const detect: Stage = {
    ...{ stage: "detect", task: "detect", sizes: SIZES.photographs },
    args: (n) => [`${folder}/photographs_${n}`, "--out", out("found")(n)],
    ...{ reads: out("photographs"), writes: out("found") },
  };
  return [detect, ...stages];
}

async function measure(stage: Stage, onRun: (run: number) => void): Promise<StageRate> {
  const [few, more] = stage.sizes, times: number[] = [];
  for (const [i, images] of stage.sizes.entries()) {
    onRun(i);
    const args = [...stage.args(images), "--quiet"];
    times.push((await timeTask(stage.task, args)).coreSeconds);
  }
  const images = more - few, image_s = (times[1] - times[0]) / images;
  const bytes = async (path: ((images: number) => string) | undefined) =>
    path ? (await sizeOf(path(more)) - await sizeOf(path(few))) / images : 0;
  return {
    ...{ stage: stage.stage, start_s: times[0] - few * image_s, image_s },
    ...{ bytes_in: await bytes(stage.reads), bytes_out: await bytes(stage.writes) },
    ...(stage.everyJob && { every_job: true }),
  };
}

/** A folder with a number of files, which are links to some. */
async function copies(paths: readonly string[], folder: string, count: number) {
  await Deno.mkdir(folder);
  for (let i = 0; i < count; i++) {
    const path = await Deno.realPath(paths[i % paths.length]);
    const ending = path.slice(path.lastIndexOf("."));
    await Deno.copyFile(path, `${folder}/${String(i).padStart(4, "0")}${ending}`);
  }
}

/** Bytes of a file, or of all files of a folder. */
async function sizeOf(path: string): Promise<number> {
  const { isFile, size } = await Deno.stat(path);
  if (isFile) return size;
  let sum = 0;
  for await (const { name } of Deno.readDir(path)) sum += await sizeOf(`${path}/${name}`);
  return sum;
}

const HEAD = "stage           start   an image   bytes read   bytes written";

function lineOf({ stage, start_s, image_s, bytes_in, bytes_out }: StageRate): string {
  return [
    stage.padEnd(12),
    `${start_s.toFixed(2)} s`.padStart(8),
    `${(1000 * image_s).toFixed(2)} ms`.padStart(11),
    Math.round(bytes_in).toLocaleString("en").padStart(13),
    Math.round(bytes_out).toLocaleString("en").padStart(16),
  ].join("");
}
