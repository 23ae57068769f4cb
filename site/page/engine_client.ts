/**
 * The page's end of the worker.
 *
 * @module
 */

import type {
  Answer,
  BackendChoice,
  Calls,
  EngineAddresses,
  PictureKind,
} from "../engine/calls.ts";
import type { EngineFiles } from "../files.ts";

type Waiting = { resolve(result: unknown): void; reject(error: Error): void };

/** Starts the worker when it is first needed, and ends it when the backend changes. */
export class EngineClient {
  readonly #program: string;
  readonly #addresses: EngineAddresses;
  readonly #waiting = new Map<number, Waiting>();
  #worker?: Worker;
  #numCalls = 0;
  #choice: BackendChoice = "auto";

  constructor({ program, ...paths }: EngineFiles) {
    this.#program = program;
    // The worker lies in a folder of its own, so it needs whole addresses.
    const [detector, network, drawings] = [paths.detector, paths.network, paths.drawings]
      .map((path) => new URL(path, document.baseURI).href);
    this.#addresses = { detector, network, drawings };
  }

  /** Chooses a backend for the calls that follow. */
  choose(choice: BackendChoice): void {
    if (choice === this.#choice) return;
    this.#choice = choice;
    this.#end(new Error("Cannot finish as another backend was chosen"));
  }

  /** Starts the backend; the result describes it. */
  async start(): Promise<string> {
    return await this.call("start", this.#choice);
  }

  /** Loads what a kind of picture needs, on the started backend. */
  async prepare(kind: PictureKind): Promise<void> {
    await this.call("prepare", { kind, addresses: this.#addresses });
  }

  /** Asks the worker. */
  call<Name extends keyof Calls>(
    name: Name,
    argument: Calls[Name]["argument"],
    transfer: Transferable[] = [],
  ): Promise<Calls[Name]["result"]> {
    const worker = this.#worker ??= this.#start();
    const id = this.#numCalls++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      worker.postMessage({ id, name, argument }, transfer);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.result);
    });
    worker.addEventListener("error", ({ message }) => {
      const reason = message || "its program cannot be loaded";
      this.#end(new Error(`Cannot start the worker as ${reason}: load the page again`));
    });
    return worker;
  }

  /** Ends the worker and all that waits for it. */
  #end(error: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
