/** Jobs on cores: cases by hand, and a formula for failures. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { bestSize, compareJobSizes } from "../../src/scale/job_sizes.ts";
import { type JobModel, simulateJobs } from "../../src/scale/simulate_jobs.ts";

/** Ten images of 3 s, and 1 s for each start. */
const TEN: JobModel = {
  ...{ images: 10, imagesPerJob: 5, cores: 2, startSeconds: 1, imageSeconds: 3 },
};

Deno.test("simulateJobs() without trouble gives the times of hand calculation", () => {
  // Two jobs of 1 + 5 x 3 s, side by side.
  assertEquals(simulateJobs(TEN), {
    ...{ jobs: 2, attempts: 2, seconds: 16, coreSeconds: 32, lostSeconds: 0 },
  });
  // Ten jobs of 4 s on two cores: five rounds.
  const ten = simulateJobs({ ...TEN, imagesPerJob: 1 });
  assertEquals([ten.jobs, ten.seconds, ten.coreSeconds], [10, 20, 40]);
  // 4, 4 and 2 images: 13 s, 13 s, then 7 s on the core that is free first.
  const three = simulateJobs({ ...TEN, imagesPerJob: 4 });
  assertEquals([three.jobs, three.seconds, three.coreSeconds], [3, 20, 33]);
  // More cores than jobs do not help.
  assertEquals(simulateJobs({ ...TEN, cores: 9 }).seconds, 16);
  // A core takes jobs one after another.
  assertEquals(simulateJobs({ ...TEN, cores: 1, imagesPerJob: 4 }).seconds, 33);
});

Deno.test("simulateJobs(): slow machines", () => {
  const all = simulateJobs({ ...TEN, slowShare: 1, slowFactor: 3 });
  assertEquals([all.seconds, all.coreSeconds], [48, 96]);
  // One job each on so many cores: the share of slow ones is that of the model, and the
  // whole takes as long as a slow one.
  const model = { ...TEN, images: 4000, imagesPerJob: 1, cores: 4000, slowFactor: 3 };
  const { seconds, coreSeconds } = simulateJobs({ ...model, slowShare: 0.25 });
  assertEquals(seconds, 12);
  const slow = (coreSeconds / 4 - 4000) / 2;
  assert(Math.abs(slow - 1000) < 5 * Math.sqrt(4000 * 0.25 * 0.75), `${slow} slow jobs`);
});

Deno.test("simulateJobs(): a job that starts anew after failures takes (exp(rate d) - 1) / rate", () => {
  // With two failures an hour, a job of half an hour: (e - 1) / 2 hours on average.
  const model = { images: 2000, imagesPerJob: 1, cores: 1, startSeconds: 0 };
  const found = simulateJobs({ ...model, imageSeconds: 1800, failuresPerHour: 2 });
  const hours = found.coreSeconds / 3600 / 2000, expected = (Math.E - 1) / 2;
  // The deviation of one job's time is below 1.1 hours, so that of the mean is below 0.025.
  assert(Math.abs(hours - expected) < 0.1, `${hours} hours, not ${expected}`);
  assertEquals(found.seconds, found.coreSeconds, "one core is never idle");
  // Each attempt succeeds with a probability of exp(-1).
  assert(Math.abs(found.attempts / 2000 - Math.E) < 0.25, `${found.attempts} attempts`);
  assert(Math.abs(found.coreSeconds - found.lostSeconds - 2000 * 1800) < 1e-3);
});

Deno.test("simulateJobs(): the same seed gives the same, and another one another", () => {
  const model = {
    ...TEN,
    images: 1000,
    slowShare: 0.1,
    slowFactor: 4,
    failuresPerHour: 9,
  };
  const run = (seed: number) => simulateJobs({ ...model, seed });
  assertEquals(run(1), run(1));
  assert(run(1).coreSeconds !== run(2).coreSeconds);
});

Deno.test("simulateJobs() refuses what is out of range, and jobs that never end", () => {
  const refuses = (part: Partial<JobModel>, message: string) =>
    assertThrows(() => simulateJobs({ ...TEN, ...part }), RangeError, message);
  refuses({ images: 0 }, "as images must be an integer >= 1: found 0");
  refuses({ cores: 1.5 }, "as cores must be an integer >= 1: found 1.5");
  refuses(
    { imageSeconds: NaN },
    "as imageSeconds must be a finite number >= 0: found NaN",
  );
  refuses({ slowShare: 2 }, "as slowShare must be from 0 to 1: found 2");
  refuses({ slowFactor: 0.5 }, "as slowFactor must be a finite number >= 1: found 0.5");
  refuses({ failuresPerHour: 1e5 }, "as they must end more often than they fail");
});

Deno.test("compareJobSizes(): starts make small jobs slow, and waiting for the last one large ones", () => {
  const rate = { start_s: 2, image_s: 0.1 }, trouble = { images: 1000, cores: 10 };
  const sizes = compareJobSizes(rate, trouble, [1, 100, 1000], 1);
  // 1,000 jobs of 2.1 s on 10 cores; ten jobs of 12 s side by side; one job of 102 s. The
  // images alone take 10 s on ten cores.
  const seconds = sizes.map(({ hours }) => (hours * 3600).toFixed(6));
  assertEquals(seconds, ["210.000000", "12.000000", "102.000000"]);
  assertEquals(sizes.map(({ jobs }) => jobs), [1000, 10, 1]);
  assertEquals(sizes.map(({ starts }) => starts.toFixed(4)), [
    "0.9524",
    "0.1667",
    "0.0196",
  ]);
  assertEquals(sizes.map(({ efficiency }) => efficiency.toFixed(4)), [
    "0.0476",
    "0.8333",
    "0.0980",
  ]);
  assertEquals(bestSize(sizes).images_per_job, 100);
});
