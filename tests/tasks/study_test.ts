import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ARCHITECTURES } from "../../src/study/graph_labelling/architectures.ts";
import { QUICK } from "../../src/study/graph_labelling/study.ts";
import { testInFolder } from "../_in_folder.ts";
import { runScript, runTask } from "./_run_script.ts";

/** Keeps the runs of two seeds and 16 graphs, so that nothing is left to train. */
async function keepRuns(folder: string): Promise<void> {
  const { training, measure } = QUICK;
  for (const seed of [3, 4]) {
    for (const architecture of Object.keys(ARCHITECTURES)) {
      const settings = { architecture, graphs: 16, seed, training, measure };
      const accuracy = architecture === "invariant" ? 0.9 : 0.1 * seed;
      const larger = architecture === "fully_connected" ? {} : { 20: 0.5, 40: 0.25 };
      const result = { parameters: 1000, updates: 10, accuracy, consistency: 1, larger };
      const path = `${folder}/runs/${architecture}_16_seed${seed}.json`;
      await Deno.writeTextFile(path, JSON.stringify({ settings, result }));
    }
  }
}

testInFolder(
  "study graph-labelling prints and writes what its runs show",
  async (folder) => {
    await Deno.mkdir(`${folder}/runs`);
    await keepRuns(folder);
    const args = ["graph-labelling", "--quick", "--graphs", "16", "--seed", "3"];
    const run = (...more: string[]) =>
      runTask(folder, "study", ...args, "--out", folder, ...more);
    const json = await run("--json");
    assertEquals([json.code, json.stderr], [0, ""]);
    const lines = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.map((line) => line.architecture), Object.keys(ARCHITECTURES));
    const [invariant, , lstm] = lines;
    assertEquals([invariant.seeds, invariant.accuracy.mean], [2, 0.9]);
    assert(Math.abs(lstm.gain.mean - 0.55) < 1e-9);
    assertEquals(await Deno.readTextFile(`${folder}/results.jsonl`), json.stdout);
    const text = await run("--quiet");
    assertEquals(text.code, 0);
    // 0.3 and 0.4: 12.706 * 0.05.
    assertStringIncludes(text.stdout, "35.00 ±63.53");
    assertStringIncludes(text.stdout, `${folder}/accuracy.svg`);
    assert((await Deno.readTextFile(`${folder}/accuracy.svg`)).startsWith("<svg"));
  },
);

Deno.test("study refuses a study that does not exist", async () => {
  const { code, stderr } = await runScript("tasks/study.ts", ["graph-labeling"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'found "graph-labeling"');
});

testInFolder("study ablation --finished trains nothing", async (folder) => {
  const args = ["ablation", "--quick", "--finished", "--out", folder, "--quiet"];
  const { code, stderr } = await runTask(folder, "study", ...args);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "found none of 11; leave out --finished");
});
