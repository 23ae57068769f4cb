/**
 * Slurm on this machine.
 *
 * @module
 */

import { assert } from "@std/assert";
import { ROOT } from "../tasks/_run_script.ts";

/** A task of the array, as Slurm tells of it. */
export interface Task {
  state: string;
  /** Exit code and signal. */
  exit: string;
  restarts: number;
}

const isEnded = ({ state }: Task) => !/PENDING|RUNNING|COMPLETING/.test(state);

/**
 * Starts a cluster of one node with two cores. `await using` stops it.
 *
 * @param folder Where its programs and jobs run; its own files are in `slurm` there.
 */
export async function startCluster(folder: string) {
  const script = `${ROOT}tests/engines/slurm_cluster.sh`, home = `${folder}/slurm`;
  const deno = Deno.execPath().replace(/\/[^/]*$/, "");
  const env = {
    SLURM_CONF: `${home}/slurm.conf`,
    NO_COLOR: "1",
    INIT_CWD: folder,
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
