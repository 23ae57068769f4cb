/**
 * Threads that each have a WASM backend of their own and do jobs one after another.
 *
 * @module
 */

import type { JobName, Jobs, Message, Reply } from "./worker.ts";

/** Upper limit on threads; more would be idle, as a batch has fewer shares. */
export const MOST_WORKERS = 256;

/**
 * Chooses the number of workers.
 *
 * @param given The wanted number; default: one for each core, at most
 * {@linkcode MOST_WORKERS}.
 * @param backend Name of the backend in use; only `"wasm"` has workers.
 * @returns At least 1, which means the main thread alone.
 * @throws {RangeError} If the number is not an integer in [1, {@linkcode MOST_WORKERS}], or
 * is above 1 on a backend without workers.
 */
export function chooseWorkers(given: number | undefined, backend: string): number {
  const workers = given ??
    (backend === "wasm" ? Math.min(navigator.hardwareConcurrency, MOST_WORKERS) : 1);
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) {
    throw new RangeError(
      `Cannot use workers as their number must be an integer in [1, ${MOST_WORKERS}]: current value is ${workers}`,
    );
  }
  if (workers > 1 && backend !== "wasm") {
    throw new RangeError(
      `Cannot use ${workers} workers on the backend "${backend}" as only "wasm" has more than 1; leave out --workers, or use --backend wasm`,
    );
  }
  return workers;
}

/** A job that waits for a thread, or that a thread is doing. */
interface Task {
  message: Message;
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/**
 * Threads and their queue: each job goes to the first free thread. If a thread fails, all
 * threads end and all jobs are rejected. Owns threads: dispose it.
 */
export class WorkerPool implements Disposable {
  readonly #threads: Thread[] = [];
  readonly #queue: Task[] = [];
  #failure?: Error;

  private constructor(readonly size: number) {
    const onEnd = (task: Task | undefined, error: Error) => this.#fail(task, error);
    for (let i = 0; i < size; i++) {
      this.#threads.push(new Thread(() => this.#next(), onEnd));
    }
  }

  /**
   * Starts the threads and their backends.
   *
   * @param size Number of threads.
   * @param options `deterministic`: whether to use plain SIMD, as `useBackend` does.
   * @returns The pool, ready for jobs.
   * @throws {RangeError} If the number is not in [1, {@linkcode MOST_WORKERS}].
   * @throws {Error} If a backend cannot be started.
   */
  static async start(
    size: number,
    { deterministic = false }: { deterministic?: boolean } = {},
  ): Promise<WorkerPool> {
    const pool = new WorkerPool(chooseWorkers(size, "wasm"));
    const starts = pool.#threads.map(() => pool.run("start", { deterministic }));
    await Promise.all(starts);
    return pool;
  }

  /** Number of jobs to queue at once so that no thread waits for the next one. */
  get jobsAtOnce(): number {
    return this.size + 1;
  }

  /**
   * Runs a job on the first free thread.
   *
   * @param name Kind of the job.
   * @param job Its input; arrays are copied unless they lie in shared memory.
   * @returns Its result.
   * @throws {Error} If a thread fails, at this job or another, or the pool is disposed; names
   * the images of the job that failed.
   */
  run<N extends JobName>(name: N, job: Jobs[N]["job"]): Promise<Jobs[N]["result"]> {
    if (this.#failure) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<Jobs[N]["result"]>();
    this.#queue.push({ message: { name, job } as Message, resolve, reject });
    this.#next();
    return promise;
  }

  /** Ends all threads and rejects all jobs that are not done. */
  [Symbol.dispose](): void {
    this.#end(
      new Error(
        `Cannot continue as all ${this.#threads.length} workers have been stopped; start others`,
      ),
    );
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const free = this.#threads.find(({ task }) => !task);
      if (!free) return;
      free.begin(this.#queue.shift()!);
    }
  }

  #fail(task: Task | undefined, cause: Error): void {
    const job = task?.message.job;
    const images = job && "images" in job
      ? ` at ${job.images.length === 1 ? "image" : "images"} ${
        job.images.map(({ id }) => `"${id}"`).join(", ")
      }`
      : "";
    this.#end(
      new Error(`Cannot continue as a worker failed${images}: ${cause.message}`, {
        cause,
      }),
    );
  }

  #end(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    const started = this.#threads.flatMap(({ task }) => task ?? []);
    for (const { reject } of [...started, ...this.#queue.splice(0)]) reject(error);
    for (const thread of this.#threads) thread.terminate();
  }
}

/** One thread and the job that it is doing. */
class Thread extends Worker {
  task?: Task;
  readonly #onEnd: (error: Error) => void;

  constructor(onFree: () => void, onEnd: (task: Task | undefined, error: Error) => void) {
    super(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#onEnd = (error) => onEnd(this.task, error);
    this.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ("error" in data) return this.#onEnd(data.error);
      const { resolve } = this.task!;
      this.task = undefined;
      resolve(data.result as never);
      onFree();
    };
    this.onerror = (event) => {
      event.preventDefault();
      this.#onEnd(new Error(event.message));
    };
    this.onmessageerror = () =>
      this.#onEnd(new Error("its answer must be a message that can be read"));
  }

  begin(task: Task): void {
    this.task = task;
    try {
      this.postMessage(task.message);
    } catch (error) {
      this.#onEnd(error as Error);
    }
  }

  /** Reports the end of the thread: its job would wait forever otherwise. */
  override terminate(): void {
    super.terminate();
    this.#onEnd(new Error("it must run to the end: it was terminated"));
  }
}
