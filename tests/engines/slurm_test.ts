/**
 * `examples/slurm/job.sh` on Slurm itself: one node with two cores, started and ended here.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder } from "../_in_folder.ts";
import { isThere } from "../_programs.ts";
import { ROOT, runTask } from "../tasks/_run_script.ts";
import { filesIn, writeInputs } from "./_world_inputs.ts";

const MODEL = "gpi_linguistic_pretrained";
const ignore = !isThere("slurmctld", "-V") || !isThere("munge");
if (ignore) console.warn("Skipped: no Slurm; install slurm-wlm and munge");

Deno.test(
  "Slurm: a killed and requeued task and a failed one that is mended give the bytes of one process",
  {
    ignore,
  },
  async () => {
    await inFolder(async (folder) => {
      await writeInputs(folder, 6);
      await using slurm = await startCluster(folder);
      // Each of three jobs has two images: the first job's server is busy at first, the
      // second job is killed, and the third has a part that is wrong.
      await using server = busyServer(await Deno.readTextFile(`${folder}/inputs/1.json`));
      await Deno.remove(`${folder}/inputs/1.json`);
      const wrong = `${folder}/inputs/6.json`, right = await Deno.readTextFile(wrong);
      await Deno.writeTextFile(wrong, right.slice(0, -9));
      const job = `${ROOT}examples/slurm/job.sh`;
      const array = (...args: string[]) =>
        slurm.run("sbatch", "--parsable", "--array=1-3", job, ...args);
      const predict = [
        server.url,
        "inputs/*.json",
        "--checkpoint",
        MODEL,
        "--format",
        "json",
      ];
      const graphs = slurm.array(await array("predict", ...predict, "--out", "graphs"));
      const evaluate = ["--dataset", "data/world", "--deterministic", "--workers", "1"];
      const state = ["--state", "states/{}.safetensors"];
      const scores = slurm.array(await array("eval", MODEL, ...evaluate, ...state));

      // A task that is killed before its script runs has other codes.
      await graphs.until(2, async () => (await graphs.log(2)).includes("attempt 1"));
      await slurm.run("scancel", "--signal=KILL", "--full", graphs.name(2));
      assertEquals(await graphs.end(2), {
        state: "CANCELLED",
        exit: "0:15",
        restarts: 0,
      });
      await slurm.run("scontrol", "requeue", graphs.name(2));

      assertEquals(await graphs.end(3), { state: "FAILED", exit: "1:0", restarts: 0 });
      assertStringIncludes(await graphs.log(3), "6.json: Cannot read ");
      await Deno.writeTextFile(wrong, right);
      await slurm.run("scontrol", "requeue", graphs.name(3));

      await graphs.until(1, ({ restarts }) => restarts === 1);
      assertStringIncludes(await graphs.log(1), "503");

      // Meanwhile, all images in one process.
      const config = `--config=${ROOT}deno.json`;
      const task = (...args: string[]) =>
        slurm.run("deno", "task", "--quiet", config, ...args);
      await task("predict", ...predict, "--out", "one", "--quiet");
      const one = await task("eval", MODEL, ...evaluate, "--json");
      for (const number of [1, 2, 3]) {
        const done = { state: "COMPLETED", exit: "0:0" };
        assertEquals(await graphs.end(number), { ...done, restarts: 1 });
        assertEquals(await scores.end(number), { ...done, restarts: 0 });
      }
      assertEquals(await filesIn(`${folder}/graphs`), await filesIn(`${folder}/one`));
      const states = [3, 1, 2].map((number) => `states/${number}.safetensors`);
      const merge = ["merge", "--dataset", "data/world", "--json"] as const;
      assertEquals(await task(...merge, ...states), one);
      const early = await runTask(folder, ...merge, states[1]);
      assertEquals(early.code, 1);
      assertStringIncludes(early.stderr, "missing 2/3, 3/3");
    });
  },
);

/** A task of the array, as Slurm tells of it. */
interface Task {
  state: string;
  /** Exit code and signal. */
  exit: string;
  restarts: number;
}

const isEnded = ({ state }: Task) => !/PENDING|RUNNING|COMPLETING/.test(state);

/** Starts a cluster, whose programs run in the folder; at the end it is stopped. */
async function startCluster(folder: string) {
  const script = `${ROOT}tests/engines/slurm_cluster.sh`, home = `${folder}/slurm`;
  const deno = Deno.execPath().replace(/\/[^/]*$/, "");
  const env = {
    SLURM_CONF: `${home}/slurm.conf`,
    CHECKOUT: ROOT,
    NO_COLOR: "1",
    PATH: `${deno}:${Deno.env.get("PATH")}`,
  };
  const run = async (program: string, ...args: string[]) => {
    const command = new Deno.Command(program, { args, env, cwd: folder });
    const output = await command.output();
    const [stdout, stderr] = [output.stdout, output.stderr]
      .map((bytes) => new TextDecoder().decode(bytes));
    assert(output.success, `${program} ${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  };
  await run(script, "start", home, String(freePorts()));
  const array = (printed: string) => {
    const id = printed.trim();
    const name = (number: number) => `${id}_${number}`;
    const task = async (number: number): Promise<Task | undefined> => {
      const text = await run("scontrol", "--oneliner", "show", "job", id);
      const isIt = (line: string) => line.includes(` ArrayTaskId=${number} `);
      const line = text.split("\n").find(isIt);
      if (line === undefined) return undefined; // not yet apart from the others
      const of = (name: string) => new RegExp(` ${name}=(\\S+)`).exec(line)![1];
      const restarts = Number(of("Restarts"));
      return { state: of("JobState"), exit: of("ExitCode"), restarts };
    };
    /** Waits for a state of a task, three minutes at most. */
    const until = async (
      number: number,
      isSo: (task: Task) => boolean | Promise<boolean>,
    ): Promise<Task> => {
      for (let i = 0; i < 900; i++) {
        const found = await task(number);
        if (found && await isSo(found)) return found;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error(`Task ${number} is ${JSON.stringify(await task(number))}`);
    };
    return {
      name,
      until,
      end: (number: number) => until(number, isEnded),
      log: (number: number) =>
        Deno.readTextFile(`${folder}/scene-graphs-${name(number)}.log`).catch(() => ""),
    };
  };
  return {
    run,
    array,
    async [Symbol.asyncDispose]() {
      await run(script, "stop", home);
    },
  };
}

/** A server of one input, which answers the first request with 503. */
function busyServer(text: string): AsyncDisposable & { url: string } {
  let requests = 0;
  const answer = () =>
    ++requests === 1 ? new Response("", { status: 503 }) : new Response(text);
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
  const server = Deno.serve(options, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}/1.json`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The first of two ports, one after the other, that nothing listens on. */
function freePorts(): number {
  const hostname = "127.0.0.1";
  for (;;) {
    const first = Deno.listen({ port: 0, hostname });
    const { port } = first.addr as Deno.NetAddr;
    try {
      Deno.listen({ port: port + 1, hostname }).close();
      return port;
    } catch {
      // Another program has the second one.
    } finally {
      first.close();
    }
  }
}
