/**
 * Does runs in a worker, on a WASM backend of its own.
 *
 * @module
 */

import { useBackend } from "../../kernels/backend.ts";
import { runLabelling, type RunResult, type RunSettings } from "./run.ts";

/** A message from the worker: progress in updates, the result, or an error. */
export type RunReport = { updates: number } | { result: RunResult } | { error: Error };

const thread = globalThis as unknown as {
  postMessage(report: RunReport): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<RunSettings>) => void,
  ): void;
};

thread.addEventListener("message", async ({ data }) => {
  try {
    await useBackend("wasm");
    const onProgress = (updates: number) => thread.postMessage({ updates });
    thread.postMessage({ result: await runLabelling(data, onProgress) });
  } catch (error) {
    thread.postMessage({
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }
});
