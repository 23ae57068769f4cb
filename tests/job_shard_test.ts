/** Which part of the images a job takes. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { JOB_VARIABLES, parseShard, rangeOf } from "../src/job_shard.ts";
import { ROOT } from "./tasks/_run_script.ts";

const none = () => undefined;
const given = (variables: Record<string, string>) => (name: string) => variables[name];

Deno.test("a shard is i/n, or the job of an array", () => {
  assertEquals(parseShard("2/8", none), { index: 2, count: 8 });
  // sbatch --array=3-9:2 has the tasks 3, 5, 7 and 9.
  const slurm = given({
    SLURM_ARRAY_TASK_ID: "7",
    SLURM_ARRAY_TASK_MIN: "3",
    SLURM_ARRAY_TASK_STEP: "2",
    SLURM_ARRAY_TASK_COUNT: "4",
  });
  assertEquals(parseShard("job", slurm), { index: 3, count: 4 });
  const aws = { AWS_BATCH_JOB_ARRAY_INDEX: "0" };
  assertEquals(
    parseShard("job", given({ ...aws, AWS_BATCH_JOB_ARRAY_SIZE: "5" })),
    { index: 1, count: 5 },
  );
  assertEquals(parseShard("job/6", given(aws)), { index: 1, count: 6 });
  const kubernetes = given({ JOB_COMPLETION_INDEX: "4" });
  assertEquals(parseShard("job/5", kubernetes), { index: 5, count: 5 });
});

Deno.test("a shard that cannot be is refused", () => {
  for (const text of ["0/8", "9/8", "2", "2/", "-1/8", "a/b", "1/0", "1.5/2", "job/"]) {
    assertThrows(() => parseShard(text, none), RangeError, `--shard "${text}"`);
  }
  assertThrows(() => parseShard("job", none), RangeError, "found none");
  const kubernetes = given({ JOB_COMPLETION_INDEX: "4" });
  assertThrows(() => parseShard("job", kubernetes), RangeError, "5 of NaN");
  assertThrows(() => parseShard("job/4", kubernetes), RangeError, "5 of 4");
  // After "sbatch --array=1,7" the numbers are not those of the first array.
  const again = given({
    SLURM_ARRAY_TASK_ID: "7",
    SLURM_ARRAY_TASK_MIN: "1",
    SLURM_ARRAY_TASK_COUNT: "2",
  });
  assertThrows(() => parseShard("job", again), RangeError, "7 of 2");
});

Deno.test("the parts of all jobs are all images, each once and in order", () => {
  for (const total of [0, 1, 5, 67, 1000]) {
    for (const count of [1, 2, 7, 64]) {
      const images: number[] = [];
      for (let index = 1; index <= count; index++) {
        const { first, end } = rangeOf({ index, count }, total);
        assert(Math.abs(end - first - total / count) < 1, "parts of equal lengths");
        for (let image = first; image < end; image++) images.push(image);
      }
      assertEquals(images, Array.from({ length: total }, (_, image) => image));
    }
  }
  assertEquals(rangeOf(undefined, 5), { first: 0, end: 5 });
});

Deno.test("the tasks that take --shard may read the number of their job", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`));
  for (const task of ["preprocess", "predict", "detect", "eval", "score"]) {
    for (const name of Object.keys(JOB_VARIABLES)) {
      assert(tasks[task].command.includes(name), `${task} ${name}`);
    }
  }
});
