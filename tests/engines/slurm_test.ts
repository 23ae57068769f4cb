/**
 * `examples/slurm/job.sh` on Slurm itself: one node with two cores, started and ended here.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder } from "../_in_folder.ts";
import { isInPath } from "../_programs.ts";
import { copyCheckout } from "../tasks/_checkout_copy.ts";
import { runTask } from "../tasks/_run_script.ts";
import { startCluster } from "./_slurm_cluster.ts";
import { filesIn, writeInputs } from "./_world_inputs.ts";

const NAME =
  "Slurm: a killed and requeued task and a failed one that is mended give the bytes of one process";
const MODEL = "gpi_linguistic_pretrained";
const PREDICT = ["inputs/*.json", "--checkpoint", MODEL, "--format", "json"];
const EVALUATE = ["--dataset", "world", "--deterministic", "--workers", "1"];
const SIZES = "--train-images 2 --validation-images 1 --test-images 6".split(" ");
const PREPROCESS = ["synthetic", "--name", "world", ...SIZES];

/** Tries of a process at an address; a task that sees no answer ends with code 75. */
const TRIES = 4;

const ignore = !isInPath("sbatch") || !isInPath("munge");
if (ignore) console.warn("Skipped: no Slurm; install slurm-wlm and munge");

Deno.test(NAME, { ignore }, async () => {
  await inFolder(async (folder) => {
    await copyCheckout(folder);
    await writeInputs(folder, 6);
    await using slurm = await startCluster(folder);
    const array = async (...args: string[]) => {
      const job = ["--parsable", "--array=1-3", "examples/slurm/job.sh"];
      return slurm.array(await slurm.run("sbatch", ...job, ...args));
    };
    const task = (...args: string[]) => slurm.run("deno", "task", "--quiet", ...args);
    const done = { state: "COMPLETED", exit: "0:0", restarts: 0 };

    // Each task of an array has two images. Here the server of the first is busy at first,
    // the second is killed, and the third has an input that is wrong.
    const inputs = `${folder}/inputs`, wrong = `${inputs}/6.json`;
    await using server = busyServer(await Deno.readTextFile(`${inputs}/1.json`));
    await Deno.remove(`${inputs}/1.json`);
    const right = await Deno.readTextFile(wrong);
    await Deno.writeTextFile(wrong, right.slice(0, -9));
    const graphs = await array("predict", server.url, ...PREDICT, "--out", "graphs");
    const parts = await array("preprocess", ...PREPROCESS);

    // A task that is killed before its script runs has other codes.
    await graphs.until(2, async () => (await graphs.log(2)).includes("attempt 1"));
    await slurm.run("scancel", "--signal=KILL", "--full", graphs.name(2));
    assertEquals(await graphs.end(2), { state: "CANCELLED", exit: "0:15", restarts: 0 });
    await slurm.run("scontrol", "requeue", graphs.name(2));
    assertEquals(await graphs.end(3), { state: "FAILED", exit: "1:0", restarts: 0 });
    assertStringIncludes(await graphs.log(3), "6.json: Cannot read ");
    await Deno.writeTextFile(wrong, right);
    await slurm.run("scontrol", "requeue", graphs.name(3));
    await graphs.until(1, ({ restarts }) => restarts === 1);
    assertStringIncludes(await graphs.log(1), "503");

    for (const number of [1, 2, 3]) assertEquals(await parts.end(number), done);
    const world = `${folder}/data/processed/world`;
    const folders = [2, 3, 1].map((number) => `data/processed/world.${number}-of-3`);
    await task("merge", ...folders, "--out", "data/processed/world");
    const merged = await filesIn(world);
    await Deno.remove(world, { recursive: true });
    await task("preprocess", ...PREPROCESS, "--quiet");
    assertEquals(merged, await filesIn(world));

    const scores = await array(
      "eval",
      MODEL,
      ...EVALUATE,
      "--state",
      "states/{}.safetensors",
    );
    // Meanwhile, all images in one process.
    await task("predict", server.url, ...PREDICT, "--out", "one", "--quiet");
    const table = await task("eval", MODEL, ...EVALUATE, "--json");
    for (const number of [1, 2, 3]) {
      assertEquals(await graphs.end(number), { ...done, restarts: 1 });
      assertEquals(await scores.end(number), done);
    }
    assertEquals(await filesIn(`${folder}/graphs`), await filesIn(`${folder}/one`));
    const states = [3, 1, 2].map((number) => `states/${number}.safetensors`);
    assertEquals(await task("merge", ...states, "--json"), table);
    const early = await runTask(folder, "merge", states[1]);
    assertEquals(early.code, 1);
    assertStringIncludes(early.stderr, "missing 2/3, 3/3");
  });
});

/** A server of one input, which answers all tries of the first process with 503. */
function busyServer(text: string): AsyncDisposable & { url: string } {
  let requests = 0;
  const answer = () =>
    ++requests <= TRIES ? new Response("", { status: 503 }) : new Response(text);
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
  const server = Deno.serve(options, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}/1.json`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
