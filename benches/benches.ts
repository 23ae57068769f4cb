/**
 * What is timed; see `tasks/bench.ts`.
 *
 * @module
 */

import { PRESETS, type SgpConfig } from "../src/config.ts";
import type { Example } from "../src/dataset/example.ts";
import { tf } from "../src/deps.ts";
import { encodeOnnx, type OnnxForm } from "../src/io/onnx_model.ts";
import { updateByAdam } from "../src/kernels/adam.ts";
import { dense } from "../src/kernels/dense.ts";
import { Batch } from "../src/model/batch.ts";
import { Sgp } from "../src/model/sgp.ts";
import { Random } from "../src/random.ts";
import { Adam } from "../src/train/adam.ts";
import { lossAndGradients } from "../src/train/step.ts";
import { type Contender, measure, type Row } from "./_measure.ts";
import { publishedForward, type PublishedModel } from "./_published.ts";

export { fmaLimit } from "./_fma_limit.ts";
export type { Row };

/** What every bench is given. */
export interface BenchOptions {
  sizes: readonly number[];
  batches: readonly number[];
  /** Measures the FMA limit in GFLOP/s. */
  limit: () => number;
  show: (rows: readonly Row[]) => void;
}

/** Useful floating-point operations of one image, factored (performance.md). */
const FLOPS = new Map([[10, 0.39e9], [20, 1.26e9], [40, 4.4e9]]);

/** Outputs of all systems must agree so well, in proportion to the greatest logit. */
const TOLERANCE = 1e-3;

const CONFIG: SgpConfig = {
  ...PRESETS.paper.model,
  ...{ variant: "gpi_linguistic", features: "paper", numEntityClasses: 150 },
  ...{ numPredicates: 51, embeddingSize: 300 },
};

/** Matrix products against the backend's own. */
export async function benchMatmul({ limit, show }: BenchOptions): Promise<void> {
  for (const [m, k, n] of [[400, 500, 500], [1600, 500, 500], [400, 51, 500]]) {
    const x = tf.randomUniform<tf.Rank.R2>([m, k], -1, 1, "float32", 1);
    const w = tf.randomUniform<tf.Rank.R2>([k, n], -1, 1, "float32", 2);
    const free = (run: () => tf.Tensor) => () => run().dispose();
    const [ours, theirs] = [dense(x, w), tf.matMul(x, w)];
    await compare("matmul", await ours.data(), await theirs.data());
    tf.dispose([ours, theirs]);
    const work = { bench: "matmul", n: m, batch: 1, hasImages: false } as const;
    const form = `${m}x${k}x${n}`;
    show(
      await measure(
        [
          { system: "ours", form, run: free(() => dense(x, w)) },
          { system: "tfjs", form, run: free(() => tf.matMul(x, w)) },
        ],
        { ...work, flops: 2 * m * k * n },
        limit,
      ),
    );
    tf.dispose([x, w]);
  }
}

/** Prediction of one image, ours also of several at once. */
export async function benchPredict(options: BenchOptions): Promise<void> {
  const { sgp, network, published } = await makeModel();
  for (const n of options.sizes) {
    const [image] = makeImages(1, n);
    const batch = new Batch([image], CONFIG);
    const input = {
      entities: batch.entityLogits,
      relations: batch.relationLogits,
      boxes: batch.boxFeatures,
    };
    const pairs = Array.from({ length: n * n }, (_, pair) => pair);
    const feeds = {
      entityLogits: [await batch.entityLogits.data(), [n, 150]],
      relationLogits: [await batch.relationLogits.data(), [n * n, 51]],
      boxFeatures: [await batch.boxFeatures.data(), [n, 14]],
      subjects: [BigInt64Array.from(pairs, (p) => BigInt(Math.floor(p / n))), [n * n]],
      objects: [BigInt64Array.from(pairs, (p) => BigInt(p % n)), [n * n]],
    } as const;
    const [{ entityLogits: expected }] = await sgp.predict([image]);
    const tfjs = async () => {
      const last = tf.tidy(() => publishedForward(published, input).at(-1)!.entities);
      const data = await last.data();
      last.dispose();
      return data as Float32Array;
    };
    await compare("tfjs", await tfjs(), expected);
    const contenders: Contender[] = [
      { system: "ours", form: "factored", run: () => sgp.predict([image]) },
      { system: "tfjs", form: "published", run: tfjs },
    ];
    for (const system of ["onnxruntime-web", "onnxruntime-node"] as const) {
      const { ort } = system === "onnxruntime-web"
        ? await import("./deps_onnxruntime_web.ts")
        : await import("./deps_onnxruntime_node.ts");
      ort.env.wasm.numThreads = 1;
      for (const form of ["published", "factored"] as const satisfies OnnxForm[]) {
        const session = await ort.InferenceSession.create(encodeOnnx(network, form), {
          ...{ intraOpNumThreads: 1, interOpNumThreads: 1 },
        });
        const run = async () => {
          const tensors = Object.fromEntries(
            Object.entries(feeds).map(([name, [data, shape]]) => [
              name,
              data instanceof BigInt64Array
                ? new ort.Tensor("int64", data, shape)
                : new ort.Tensor("float32", data as Float32Array, shape),
            ]),
          );
          return (await session.run(tensors)).newEntityLogits.data as Float32Array;
        };
        await compare(`${system} ${form}`, await run(), expected);
        contenders.push({ system, form, run });
      }
    }
    const work = { bench: "predict", n, hasImages: true } as const;
    const flops = FLOPS.get(n);
    options.show(await measure(contenders, { ...work, batch: 1, flops }, options.limit));
    for (const count of options.batches.filter((count) => count > 1)) {
      const images = makeImages(count, n);
      const run = () => sgp.predict(images);
      const ours = [{ system: "ours", form: "factored", run }];
      const rows = await measure(
        ours,
        { ...work, batch: count, flops },
        options.limit,
      );
      options.show(rows);
    }
    batch.dispose();
  }
  sgp.dispose();
}

/** A training step with Adam, without dropout, which the published form here lacks. */
export async function benchTrain(options: BenchOptions): Promise<void> {
  const { sgp, published } = await makeModel();
  const adam = new Adam(sgp.parameters);
  const optimizer = tf.train.adam(1e-6);
  const variables = [...sgp.parameters.variables.values()];
  for (const n of options.sizes) {
    for (const count of options.batches) {
      const images = makeImages(count, n);
      const loss = PRESETS.paper.train;
      const ours = async () => {
        const { gradients } = await lossAndGradients(sgp, images, loss);
        adam.update(gradients, 1e-6);
        tf.dispose(gradients);
      };
      // One image: it takes seconds for each.
      const batch = new Batch([images[0]], CONFIG);
      const tfjs = () => {
        const { grads, value } = tf.variableGrads(() => {
          const terms = publishedForward(published, {
            entities: batch.entityLogits,
            relations: batch.relationLogits,
            boxes: batch.boxFeatures,
          }).flatMap(({ entities, relations }) =>
            [entities, relations].map((logits) =>
              tf.neg(tf.sum(tf.slice(tf.logSoftmax(logits), [0, 0], [-1, 1])))
            )
          );
          return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
        }, variables);
        optimizer.applyGradients(grads as Record<string, tf.Variable>);
        tf.dispose([grads, value] as unknown as tf.TensorContainer);
      };
      const flops = FLOPS.get(n);
      const work = { bench: "train", n, batch: count, hasImages: true } as const;
      const contenders: Contender[] = [
        { system: "ours", form: "factored", run: ours },
        { system: "tfjs", form: "published", batch: 1, run: tfjs },
      ];
      options.show(
        await measure(
          contenders,
          { ...work, flops: flops && 3 * flops },
          options.limit,
        ),
      );
      batch.dispose();
    }
  }
  adam.dispose();
  sgp.dispose();
}

/** Adam over 5.2 million parameters, against a copy of the same 28 bytes each. */
export async function benchAdam({ limit, show }: BenchOptions): Promise<void> {
  const size = 5_200_000;
  const [value, first, second] = [1, 2, 3].map(() => tf.variable(tf.zeros([size])));
  const gradient = tf.fill([size], 0.1);
  const from = new Float32Array(3.5 * size).fill(1), to = new Float32Array(3.5 * size);
  const numbers = { beta1: 0.9, beta2: 0.999, rate: 1e-4, epsilon: 1e-8 };
  show(
    await measure(
      [
        {
          system: "ours",
          form: "one pass",
          run: () => updateByAdam({ value, first, second, gradient }, numbers),
        },
        // 14 bytes read and 14 written for each parameter.
        { system: "copy", form: "28 bytes", run: () => to.set(from) },
      ],
      { bench: "adam", n: size, batch: 1, hasImages: false },
      limit,
    ),
  );
  tf.dispose([value, first, second, gradient]);
}

async function makeModel() {
  const random = new Random("bench");
  const floats = (length: number) =>
    Float32Array.from({ length }, () => random.between(-1, 1) / 10);
  const words = { size: 300, entities: floats(150 * 300), relations: floats(51 * 300) };
  const sgp = new Sgp(CONFIG, { seed: 0, initial: "glorot" }, words);
  const values = await sgp.parameters.values();
  const network = {
    config: CONFIG,
    words,
    parameters: new Map(values.map(({ name, ...array }) => [name, array])),
  };
  const published: PublishedModel = {
    config: CONFIG,
    variables: sgp.parameters.variables,
    words: {
      entities: tf.tensor2d(words.entities, [150, 300]),
      relations: tf.tensor2d(words.relations, [51, 300]),
    },
  };
  return { sgp, network, published };
}

/** Images of n entities with random logits, and a few relations. */
function makeImages(count: number, n: number): Example[] {
  const random = new Random("images", n);
  const floats = (length: number) =>
    Float32Array.from({ length }, () => 3 * random.normal());
  return Array.from({ length: count }, (_, b) => ({
    id: `${b}`,
    width: 1200,
    height: 800,
    boxes: Float32Array.from(
      { length: 4 * n },
      (_, i) => 300 * random.uniform() + (i % 4 < 2 ? 0 : 300),
    ),
    entityLabels: Int32Array.from({ length: n }, () => random.below(150)),
    relations: Int32Array.of(...[0, 1, random.below(50)], ...[1, 2, random.below(50)]),
    entityLogits: floats(n * 150),
    relationLogits: floats(n * n * 51),
  }));
}

/** Fails if a system computes something else: then its time means nothing. */
function compare(
  system: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): void {
  let greatest = 1, worst = 0;
  for (let i = 0; i < expected.length; i++) {
    greatest = Math.max(greatest, Math.abs(expected[i]));
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
  }
  if (actual.length === expected.length && worst <= TOLERANCE * greatest) return;
  throw new Error(`Cannot time ${system}: its output is ${worst} away from ours`);
}
