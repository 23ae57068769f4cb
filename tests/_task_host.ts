/**
 * Processes that run tasks one after another, as starting a process and loading
 * TensorFlow.js takes longer than most tasks of tests.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { CapturedOutcome } from "./_captured.ts";

/** A task to run. */
export interface Run {
  /** Path of its file. */
  script: string;
  args: readonly string[];
}

/** A process in a folder, with the permissions of its tasks. */
class TaskHost {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #outcomes: AsyncIterator<string>;
  readonly #errors: Promise<string>;
  /** The run before the next one: one runs at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(command: Deno.Command) {
    this.#process = command.spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#outcomes = linesOf(this.#process.stdout);
    this.#errors = new Response(this.#process.stderr).text();
  }

  run(task: Run): Promise<CapturedOutcome> {
    const next = this.#last.then(() => this.#run(task));
    this.#last = next.catch(() => {});
    return next;
  }

  async #run(task: Run): Promise<CapturedOutcome> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(task)}\n`));
    const { value, done } = await this.#outcomes.next();
    if (done) throw new Error(`${task.script} ended its process: ${await this.#errors}`);
    return JSON.parse(value);
  }

  async end(): Promise<void> {
    await this.#writer.close().catch(() => {}); // it may have ended
    await this.#outcomes.return?.();
    await Promise.all([this.#process.status, this.#errors]);
  }
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** The running processes, by their folders and permissions. */
const hosts = new Map<string, TaskHost>();

/** The file that a process runs. */
export const HOST = fileURLToPath(new URL("_task_host_main.ts", import.meta.url));

/**
 * Runs a task in a process, which starts with its first task. {@linkcode endTasks} must be
 * called before the test ends.
 *
 * @param key Names the process.
 * @param start Makes the command of the process.
 * @param task The task.
 */
export function runInHost(
  key: string,
  start: () => Deno.Command,
  task: Run,
): Promise<CapturedOutcome> {
  const host = hosts.get(key) ?? new TaskHost(start());
  hosts.set(key, host);
  return host.run(task).catch(async (error) => {
    hosts.delete(key);
    await host.end();
    throw error;
  });
}

/** Ends all processes. */
export async function endTasks(): Promise<void> {
  const running = [...hosts.values()];
  hosts.clear();
  await Promise.all(running.map((host) => host.end()));
}

/** Registers a test that runs tasks, which are ended after it. */
export function testTasks(
  name: string,
  run: (t: Deno.TestContext) => Promise<void>,
): void {
  Deno.test(name, async (t) => {
    try {
      await run(t);
    } finally {
      await endTasks();
    }
  });
}
