import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

/** Runs the task on a few images. */
const runWorld = (cwd: string, ...args: string[]) =>
  runTask(cwd, "world", "--images=5", "--train-images=10", ...args);

testInFolder(
  "world --json prints a summary and a row for each reference and K",
  async (cwd) => {
    const { code, stdout, stderr } = await runWorld(cwd, "--json");
    assertEquals(code, 0, stderr);
    const [summary, ...rows] = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(summary.images, 5);
    assertEquals(rows.length, 5 * 3);
    const recall = new Map(rows.map((row) => [`${row.model} ${row.k}`, row.value]));
    assert(recall.get("all_true 100") > recall.get("true_labels 100"));
    assert(recall.get("true_labels 100") >= recall.get("label_predictor 100"));
  },
);

testInFolder("world --pictures draws the first images", async (cwd) => {
  const { code, stdout, stderr } = await runWorld(cwd, "--quiet", "--pictures=2");
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "2 pictures in reports/pictures");
  const files = [...Deno.readDirSync(`${cwd}/reports/pictures`)].map(({ name }) => name);
  assertEquals(files.sort(), [
    "synthetic-0-test-000000.svg",
    "synthetic-0-test-000001.svg",
  ]);
});
