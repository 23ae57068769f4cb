import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "./_run_script.ts";

const task = `${ROOT}tasks/world.ts`;
const config = `${ROOT}deno.json`;

/** Runs the task in a folder of its own. */
async function runWorld(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    cwd,
    args: [
      "run",
      "--quiet",
      `--config=${config}`,
      "--allow-read",
      "--allow-write=reports",
      task,
      "--images=5",
      "--train-images=10",
      ...args,
    ],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("world --json prints a summary and a row for each reference and K", async () => {
  const cwd = await Deno.makeTempDir();
  const { code, stdout, stderr } = await runWorld(cwd, "--json");
  assertEquals(code, 0, stderr);
  const [summary, ...rows] = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(summary.images, 5);
  assertEquals(rows.length, 5 * 3);
  const recall = new Map(rows.map((row) => [`${row.model} ${row.k}`, row.value]));
  assert(recall.get("all_true 100") > recall.get("true_labels 100"));
  assert(recall.get("true_labels 100") >= recall.get("label_predictor 100"));
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("world --pictures draws the first images", async () => {
  const cwd = await Deno.makeTempDir();
  const { code, stdout, stderr } = await runWorld(cwd, "--quiet", "--pictures=2");
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "2 pictures in reports/pictures");
  const files = [...Deno.readDirSync(`${cwd}/reports/pictures`)].map(({ name }) => name);
  assertEquals(files.sort(), [
    "synthetic-0-test-000000.svg",
    "synthetic-0-test-000001.svg",
  ]);
  await Deno.remove(cwd, { recursive: true });
});
