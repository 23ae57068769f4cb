// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * ONNX Runtime in WebAssembly, for detectors in ONNX files. `mod.ts` does not load it.
 *
 * @module
 */

export type * as ort from "npm:onnxruntime-web@1.30.0";

/** Loads the package; bundles for browsers are without it. */
export async function loadOnnxRuntime(): Promise<
  typeof import("npm:onnxruntime-web@1.30.0")
> {
  return await import("npm:onnxruntime-web@1.30.0");
}
