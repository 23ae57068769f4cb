/** What `scale` computes and prints. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

testInFolder("scale prints costs by hand, and the best size of jobs", async (cwd) => {
  // An hour of a core is 3,600 images.
  const rate = { stage: "detect", start_s: 0, image_s: 1, bytes_in: 2e6, bytes_out: 1e3 };
  await Deno.writeTextFile(`${cwd}/rates.jsonl`, JSON.stringify(rate));
  const args = ["--rates", "rates.jsonl", "--images", "3600000", "--price", "0.5"];
  // With every size, 30 images are one job of 30 s.
  const sizes = ["--simulated-images", "30", "--cores", "3", "--slow-share", "0"];
  const run = (...more: string[]) =>
    runTask(cwd, "scale", ...args, ...sizes, "--failures", "0", ...more);
  const { code, stdout, stderr } = await run();
  assertEquals([code, stderr], [0, ""]);
  const row = stdout.split("\n").find((line) => line.startsWith("detect "))!;
  // 3.6 million images of 2 MB and 1 KB; 1,000 hours at 0.5.
  const cells = ["3,600,000", "1000.0", "7200.00", "3.60", "500.00", "138.89"];
  assertEquals(row.split(/ +/), ["detect", ...cells]);
  assertStringIncludes(stdout, "detect: 30 images on 3 cores, simulated:\n");

  const lines = (await run("--json")).stdout.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(lines[0].core_hours, 1000);
  const simulated = lines.filter((line) => line.simulated === "detect");
  assertEquals(simulated.map((line) => line.hours * 3600), Array(7).fill(30));

  const wrong = await run("--stage", "eval");
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, 'must be one of detect in "rates.jsonl"');
});
