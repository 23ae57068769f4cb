/**
 * Keeps the WASM module of TensorFlow.js from writing to the console why it cannot start:
 * the error that follows says it once. It also keeps the module from handling errors of the
 * whole program.
 *
 * @module
 */

/** What Emscripten writes before it throws the same. */
const NOISE = /^(Aborted\(|failed to asynchronously prepare wasm|wasm streaming compile)/;

/** Events of a program outside browsers that Emscripten listens to. */
const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/** Emscripten's listeners, which throw the error again: it is shown as if it came from there. */
const THROWS_AGAIN = /ExitStatus|\{\s*throw \w+;?\s*\}/;

/** The listeners of Node.js, Deno and Bun. */
interface Listening {
  listeners?(event: string): (() => void)[];
  off(event: string, listener: () => void): void;
}

/**
 * Runs a start. Other messages are written as ever, by the host's own console.
 *
 * @param run Starts the module, which keeps the functions of the console that it finds.
 * @returns What it returns.
 */
export async function startQuietly<T>(run: () => Promise<T>): Promise<T> {
  const restore = (["error", "warn"] as const).map((name) => {
    const original = console[name];
    const filtered = (...parts: unknown[]) => {
      if (!NOISE.test(String(parts[0]))) original.apply(console, parts);
    };
    console[name] = filtered;
    return () => {
      // The host may have set another one meanwhile.
      if (console[name] === filtered) console[name] = original;
    };
  });
  const removeListeners = EVENTS.map(noteListeners);
  try {
    return await run();
  } finally {
    for (const each of [...restore, ...removeListeners]) each();
  }
}

/** Returns a function that removes the listeners of Emscripten that came since. */
function noteListeners(event: string): () => void {
  const { process } = globalThis as { process?: Listening };
  const before = process?.listeners?.(event) ?? [];
  return () => {
    for (const listener of process?.listeners?.(event) ?? []) {
      if (before.includes(listener) || !THROWS_AGAIN.test(String(listener))) continue;
      process!.off(event, listener);
    }
  };
}
