/**
 * A small study, which can be killed.
 *
 * @module
 */

import type { Listener } from "../../../src/pipeline/listener.ts";
import { ABLATION_DATA } from "../../../src/study/ablation/ablation_data.ts";
import { armsOf } from "../../../src/study/ablation/arms.ts";
import { runAblation } from "../../../src/study/ablation/run_study.ts";
import { type AblationLine, ablationLines } from "../../../src/study/ablation/summary.ts";

/**
 * Runs it.
 *
 * @param data Folder of a processed dataset.
 * @param folder Folder of the study.
 * @param workers Number of runs at once.
 * @param options Receives progress; whether nothing is trained.
 */
export async function tinyStudy(
  data: string,
  folder: string,
  workers: number,
  { listener, onlyFinished }: { listener?: Listener; onlyFinished?: boolean } = {},
): Promise<AblationLine[]> {
  const results = await runAblation(
    {
      data: [{ ...ABLATION_DATA[0], parts: [data] }],
      arms: armsOf(["networks"]).slice(0, 2),
      ...{ seed: 0, seeds: 1, settings: { hidden: 4, layers: [4], epochs: 2 } },
    },
    { folder, workers, command: () => "", onlyFinished },
    listener,
  );
  return ablationLines(results, { resamples: 10 });
}

if (import.meta.main) {
  // Arguments: folders, and the job and the number of runs after which it kills itself.
  const [data, folder, job, after] = Deno.args;
  const listener: Listener = {
    note() {},
    warn() {},
    progress: (label) => ({
      update: (done) => {
        if (label === job && done >= Number(after)) Deno.kill(Deno.pid, "SIGKILL");
      },
      done() {},
    }),
  };
  await tinyStudy(data, folder, 1, { listener });
}
