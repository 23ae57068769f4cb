/**
 * Keeps the WASM module of TensorFlow.js from writing to the console why it cannot start:
 * the error that follows says it once.
 *
 * @module
 */

/** What Emscripten writes before it throws the same. */
const NOISE = /^(Aborted\(|failed to asynchronously prepare wasm|wasm streaming compile)/;

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
  try {
    return await run();
  } finally {
    for (const each of restore) each();
  }
}
