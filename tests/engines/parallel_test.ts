/** `examples/parallel/run.sh` by GNU parallel itself. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { headerOf, imagesOf } from "../../src/dataset/convert.ts";
import { userJsonText } from "../../src/dataset/formats/user_json_text.ts";
import { encodeState } from "../../src/pipeline/parts/evaluation_state.ts";
import {
  evaluateState,
  joinedState,
  mergeStates,
} from "../../src/pipeline/parts/merge_states.ts";
import { evaluateModel } from "../../src/pipeline/model_evaluation.ts";
import { writeWorldDataset } from "../../src/world/write_dataset.ts";
import { inFolder } from "../_in_folder.ts";
import { isThere } from "../_programs.ts";
import { ROOT } from "../tasks/_run_script.ts";
import { filesIn, writeInputs } from "./_world_inputs.ts";

const MODEL = "gpi_linguistic_pretrained";
const ignore = !isThere("parallel");
if (ignore) console.warn("Skipped: no GNU parallel; install parallel");

Deno.test(
  "GNU parallel: only a job that has failed runs again, and all give the bytes of one process",
  {
    ignore,
  },
  async () => {
    await inFolder(async (folder) => {
      await writeInputs(folder, 3);
      const wrong = `${folder}/inputs/3.json`, right = await Deno.readTextFile(wrong);
      await Deno.writeTextFile(wrong, right.slice(0, -9));
      const script = `${ROOT}examples/parallel/run.sh`;
      const args = ["inputs/*.json", "--checkpoint", MODEL, "--format", "json"];
      const jobs = () => run(folder, script, "2", "predict", ...args, "--out", "graphs");
      const first = await jobs();
      assertEquals(first.code, 1, "the number of failed jobs");
      assertStringIncludes(first.stderr, "3.json: Cannot read ");
      assertEquals(await logOf(folder), ["1/2 0", "2/2 1"]);

      await Deno.writeTextFile(wrong, right);
      const second = await jobs();
      assertEquals(second.code, 0, second.stderr);
      assertEquals(
        await logOf(folder),
        ["1/2 0", "2/2 0", "2/2 1"],
        "the first ran once",
      );
      const third = await jobs();
      assertEquals([third.code, third.stdout], [0, ""], "nothing is left to do");

      const config = `--config=${ROOT}deno.json`;
      const task = ["task", "--quiet", config, "predict"];
      const one = await run(folder, "deno", ...task, ...args, "--out", "one", "--quiet");
      assertEquals(one.code, 0, one.stderr);
      assertEquals(await filesIn(`${folder}/graphs`), await filesIn(`${folder}/one`));
    });
  },
);

Deno.test(
  "GNU parallel: eval as a filter gives lines that merge to the state of one process",
  { ignore },
  async () => {
    await inFolder(async (folder) => {
      const sizes = { train: 2, validation: 1, test: 3 };
      const dataset = await writeWorldDataset(`${folder}/world`, {
        command: "none",
        sizes,
      });
      const text = userJsonText(
        headerOf(dataset),
        imagesOf(dataset, { logits: true }),
        true,
      );
      const lines = (await Array.fromAsync(text)).join("").split("\n")
        .filter((line) => line.includes('"split":"test"'));
      await Deno.writeTextFile(`${folder}/examples.jsonl`, `${lines.join("\n")}\n`);
      const task = `deno task --quiet --config=${ROOT}deno.json eval ${MODEL}`;
      const flags = "--dataset ./world --deterministic --no-count-table --quiet";
      const found = await run(
        folder,
        "bash",
        "-c",
        `parallel --pipe -N 2 -k '${task} ${flags} --lines -' < examples.jsonl > found.jsonl`,
      );
      assertEquals([found.code, found.stderr], [0, ""]);
      const state = `${folder}/one.safetensors`;
      await evaluateModel({
        ...{ systems: [MODEL], dataset: dataset.folder, state, split: "test" },
        ...{ metrics: "R", k: [20, 50, 100], seed: 0, seeds: 1, resamples: 1000 },
        ...{ deterministic: true, workers: 1, command: "" },
      });
      const merged = await mergeStates([`${folder}/found.jsonl`]);
      const { evaluations } = await evaluateState(merged, dataset);
      const bytes = encodeState(joinedState(merged, evaluations));
      assertEquals(bytes, await Deno.readFile(state));
    });
  },
);

async function run(cwd: string, program: string, ...args: string[]) {
  const deno = Deno.execPath().replace(/\/[^/]*$/, "");
  const PATH = `${deno}:${Deno.env.get("PATH")}`;
  const env = { CHECKOUT: ROOT, INIT_CWD: cwd, NO_COLOR: "1", PATH, SHELL: "/bin/bash" };
  const output = await new Deno.Command(program, { args, cwd, env }).output();
  const [stdout, stderr] = [output.stdout, output.stderr]
    .map((bytes) => new TextDecoder().decode(bytes));
  return { code: output.code, stdout, stderr };
}

/** The shard and the exit code of each job in parallel's log, sorted. */
async function logOf(folder: string): Promise<string[]> {
  const [, ...lines] = (await Deno.readTextFile(`${folder}/jobs-predict.log`)).trim()
    .split("\n");
  return lines.map((line) => {
    const columns = line.split("\t"), shard = /--shard (\d+)/.exec(columns[8])![1];
    return `${shard}/2 ${columns[6]}`;
  }).sort();
}
