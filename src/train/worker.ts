/**
 * A thread of `worker_pool.ts`, which does its jobs on a WASM backend of its own.
 *
 * @module
 */

import { useBackend } from "../kernels/backend.ts";
import type { SgpConfig, TrainConfig } from "../config.ts";
import { tf } from "../deps/tf.ts";
import type { Example } from "../example.ts";
import { heapFloats } from "../kernels/wasm_module.ts";
import type { ActivationRanges } from "../model/int8.ts";
import { Sgp, type SgpPrediction, type WordVectorData } from "../model/sgp.ts";
import type { LossConfig } from "./loss.ts";
import { areFinite, type DropoutSeeds, lossAndGradients } from "./step.ts";
import { type BatchValidation, validateBatch } from "./validate.ts";

/** A network whose parameters lie in shared memory. */
export interface SharedNetwork {
  /** Unique to the network. */
  id: number;
  config: SgpConfig;
  words?: WordVectorData;
  /** Parameters by published name. */
  values: ReadonlyMap<string, Float32Array>;
  /** Present if the network predicts in 8 bits. */
  ranges?: ActivationRanges;
  /** Changes whenever the values change. */
  version: number;
}

/** Input and result of each kind of job. */
export interface Jobs {
  /** Starts the backend. */
  start: { job: { deterministic: boolean }; result: void };
  /** Computes the loss of images, and writes its gradient into shared memory. */
  learn: {
    job: {
      network: SharedNetwork;
      images: readonly Example[];
      loss: LossConfig;
      dropout?: DropoutSeeds;
      gradients: ReadonlyMap<string, Float32Array>;
    };
    result: { loss: number; isFinite: boolean };
  };
  /** Adds arrays in shared memory to the first of them, in their order. */
  sum: { job: { arrays: readonly Float32Array[] }; result: void };
  /** Predicts the logits of images. */
  predict: {
    job: { network: SharedNetwork; images: readonly Example[] };
    result: SgpPrediction[];
  };
  /** Computes the logits and the validation loss of images. */
  validate: {
    job: { network: SharedNetwork; images: readonly Example[]; config: TrainConfig };
    result: BatchValidation;
  };
}

/** Name of a kind of job. */
export type JobName = keyof Jobs;
/** A message to a thread. */
export type Message = { [N in JobName]: { name: N; job: Jobs[N]["job"] } }[JobName];
/** A thread's answer. */
export type Reply = { result: Jobs[JobName]["result"] } | { error: Error };

const WORK: {
  [N in JobName]: (job: Jobs[N]["job"]) => Promise<Jobs[N]["result"]>;
} = {
  async start({ deterministic }) {
    await useBackend("wasm", { deterministic });
  },
  async learn({ network, images, loss: settings, dropout, gradients: shared }) {
    const sgp = await sgpOf(network);
    const { loss, gradients } = await lossAndGradients(sgp, images, settings, dropout);
    try {
      for (const [name, target] of shared) {
        if (gradients[name]) target.set(heapFloats(gradients[name]));
        else target.fill(0);
      }
      return { loss, isFinite: Number.isFinite(loss) && await areFinite(gradients) };
    } finally {
      tf.dispose(gradients);
    }
  },
  sum({ arrays: [sum, ...others] }) {
    for (const other of others) {
      for (let i = 0; i < sum.length; i++) sum[i] += other[i];
    }
    return Promise.resolve();
  },
  async predict({ network, images }) {
    return (await sgpOf(network)).predict(images);
  },
  async validate({ network, images, config }) {
    return validateBatch(await sgpOf(network), images, config);
  },
};

const networks = new Map<number, { sgp: Sgp; version: number }>();

/** Makes this thread's copy of a network, or updates its parameters if they have changed. */
async function sgpOf(network: SharedNetwork): Promise<Sgp> {
  const { id, config, words, values, ranges, version } = network;
  let known = networks.get(id);
  if (!known) {
    networks.set(id, known = { sgp: new Sgp(config, values, words), version });
    if (ranges) await known.sgp.quantize(ranges);
  } else if (known.version !== version) known.sgp.parameters.assign(values);
  known.version = version;
  return known.sgp;
}

const thread = globalThis as unknown as {
  postMessage(reply: Reply): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<Message>) => void,
  ): void;
};

thread.addEventListener("message", async ({ data: { name, job } }) => {
  try {
    thread.postMessage({ result: await WORK[name](job as never) });
  } catch (error) {
    thread.postMessage({
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }
});
