/**
 * The paper's synthetic experiment: every network, number of graphs and seed.
 *
 * @module
 */

import { lockFolder } from "../../lock.ts";
import { RunStore } from "../run_store.ts";
import { type ArchitectureName, ARCHITECTURES } from "./architectures.ts";
import type { RunMeasures, RunResult, RunSettings } from "./run.ts";
import { LABELLING_TRAINING, type LabellingTraining } from "./train_labelling.ts";
import type { RunReport } from "./worker.ts";

/** How much is run. */
export interface StudySize {
  /** Numbers of training graphs. */
  graphs: readonly number[];
  seeds: number;
  training: LabellingTraining;
  measure: RunMeasures;
}

/** The whole experiment. */
export const FULL: StudySize = {
  graphs: [16, 64, 256, 1024, 4096, 16384, 65536],
  seeds: 5,
  training: LABELLING_TRAINING,
  measure: {
    validation: 128,
    test: 500,
    larger: [{ nodes: 20, graphs: 100 }, { nodes: 40, graphs: 50 }],
    reordered: 50,
    orders: 20,
  },
};

/** A part of it that takes two minutes on two cores. */
export const QUICK: StudySize = {
  graphs: [16, 256, 4096],
  seeds: 2,
  training: { ...LABELLING_TRAINING, mostUpdates: 200 },
  measure: {
    validation: 64,
    test: 200,
    larger: [{ nodes: 20, graphs: 50 }, { nodes: 40, graphs: 20 }],
    reordered: 20,
    orders: 20,
  },
};

/** A finished run. */
export interface FinishedRun extends RunResult {
  architecture: ArchitectureName;
  graphs: number;
  seed: number;
}

/** Where and how to run. */
export interface StudyOptions {
  /** First seed. */
  seed: number;
  /** Folder that keeps finished runs. */
  folder: string;
  /** Number of threads, each of which does one run at a time. */
  workers: number;
  /** Receives the number of finished runs, also of those made before, and what is going on. */
  onProgress?: (done: number, total: number, note: string) => void;
}

/**
 * Does all runs that are not done yet. An interrupted study goes on where it was: finished
 * runs are kept one by one. One seed after another, so that what is finished can be compared.
 *
 * @param size How much is run.
 * @param options Where and how.
 * @returns All runs, in the order of seeds, networks and numbers of graphs.
 */
export async function runStudy(
  { graphs, seeds, training, measure }: StudySize,
  { seed, folder, workers, onProgress }: StudyOptions,
): Promise<FinishedRun[]> {
  using _ = await lockFolder(folder);
  const store = new RunStore<RunResult>(`${folder}/runs`);
  const runs = Array.from({ length: seeds }, (_, i) => seed + i).flatMap((seed) =>
    graphs.flatMap((graphs) =>
      (Object.keys(ARCHITECTURES) as ArchitectureName[]).map((architecture) => {
        const settings = { architecture, graphs, seed, training, measure };
        return { name: `${architecture}_${graphs}_seed${seed}`, settings };
      })
    )
  );
  const results = await Promise.all(
    runs.map(({ name, settings }) => store.load(name, settings)),
  );
  let done = results.filter((result) => result).length;
  onProgress?.(done, runs.length, "");
  const open = runs.keys().filter((i) => !results[i]).toArray();
  const work = async () => {
    using thread = new RunThread();
    for (let i = open.shift(); i !== undefined; i = open.shift()) {
      const { name, settings } = runs[i];
      results[i] = await thread.run(settings, (updates) => {
        onProgress?.(done, runs.length, `${name}: ${updates} updates`);
      });
      await store.save(name, settings, results[i]!);
      onProgress?.(++done, runs.length, name);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, open.length) }, work));
  return runs.map(({ settings: { architecture, graphs, seed } }, i) => {
    return { architecture, graphs, seed, ...results[i]! };
  });
}

/** A thread that does one run at a time; `using` ends it. */
class RunThread implements Disposable {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
  });

  /** Does a run; `onProgress` receives the number of updates so far. */
  async run(
    settings: RunSettings,
    onProgress: (updates: number) => void,
  ): Promise<RunResult> {
    const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
    this.#worker.onmessage = ({ data }: MessageEvent<RunReport>) => {
      if ("updates" in data) onProgress(data.updates);
      else if ("result" in data) resolve(data.result);
      else reject(data.error);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`Cannot continue the study as a worker failed: ${event.message}`));
    };
    this.#worker.postMessage(settings);
    return await promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
