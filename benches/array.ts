/**
 * Times the tasks of an array on the cores of this machine against one process with one
 * worker: the same images, evaluated by the same network.
 *
 *     deno task bench:array
 *
 * @module
 */

import { writeWorldDataset } from "../src/world/write_dataset.ts";
import { progressBar } from "../tasks/_cli/progress.ts";
import { runTask } from "../tasks/_cli/run.ts";
import { timeTask } from "./_processes.ts";

const MODEL = "gpi_linguistic_pretrained";

if (import.meta.main) {
  await runTask({
    name: "bench:array",
    summary:
      `Time the tasks of an array, each on one core, against one process with one worker.

The images are scenes of the built-in world. The gain means something only on a machine with
that many cores that does nothing else.`,
    flags: {
      images: { default: 4000, min: 1, help: "Number of images" },
      tasks: { default: 2, min: 1, help: "Number of tasks of the array" },
    },
    examples: ["bench:array", "bench:array --images 8000 --tasks 4"],
  }, async ({ images, tasks, ...options }) => {
    const folder = await Deno.makeTempDir();
    const bar = progressBar("bench:array", "steps", options);
    try {
      await writeWorldDataset(`${folder}/data`, {
        command: "deno task bench:array",
        sizes: { train: 200, validation: 1, test: images },
      });
      bar.update(1, 4);
      const evaluate = (state: string, ...more: string[]) => [
        ...[MODEL, "--dataset", `${folder}/data`, "--workers", "1", "--quiet"],
        ...["--state", `${folder}/${state}.safetensors`, ...more],
      ];
      const one = await timeTask("eval", evaluate("one"));
      bar.update(2, 4);
      const start = performance.now();
      await Promise.all(
        Array.from(
          { length: tasks },
          (_, i) =>
            timeTask("eval", evaluate(`${i + 1}`, "--shard", "job"), {
              SLURM_ARRAY_TASK_ID: `${i + 1}`,
              SLURM_ARRAY_TASK_MIN: "1",
              SLURM_ARRAY_TASK_COUNT: `${tasks}`,
            }),
        ),
      );
      const seconds = (performance.now() - start) / 1000;
      bar.update(3, 4);
      const states = Array.from(
        { length: tasks },
        (_, i) => `${folder}/${i + 1}.safetensors`,
      );
      const out = ["--out", `${folder}/all.safetensors`, "--quiet"];
      const merge = await timeTask("merge", [...states, ...out]);
      bar.update(4, 4);
      const row = {
        ...{ images, tasks, one_process_s: one.seconds, array_s: seconds },
        ...{ merge_s: merge.seconds, times_as_fast: one.seconds / seconds },
        with_merge: one.seconds / (seconds + merge.seconds),
      };
      bar.done();
      console.log(options.json ? JSON.stringify(row) : textOf(row));
    } finally {
      bar.done();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

function textOf(row: Record<string, number>): string {
  const s = (key: string) => `${row[key].toFixed(1)} s`;
  return [
    `${row.images} images: one process with one worker ${s("one_process_s")}`,
    `${row.tasks} tasks of an array ${s("array_s")}, merge ${s("merge_s")}`,
    `${row.times_as_fast.toFixed(2)} times as fast, with the merge ${
      row.with_merge.toFixed(2)
    }`,
  ].join("\n");
}
