/**
 * ONNX Runtime in WebAssembly, for detectors in ONNX files. `mod.ts` does not load it.
 *
 * @module
 */

/** The package; as a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:onnxruntime-web@1.30.0";

/** A tensor. */
export interface OnnxTensor {
  /** Such as `float32`. */
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** A loaded model. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly {
    isTensor: boolean;
    type?: string;
    shape?: readonly (number | string)[];
  }[];
  run(inputs: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

/** What a program needs of the package. */
export interface OnnxRuntime {
  env: { logLevel?: string; wasm: { numThreads?: number } };
  InferenceSession: {
    create(
      model: Uint8Array,
      options: { executionProviders: readonly string[] },
    ): Promise<OnnxSession>;
  };
  Tensor: new (
    type: "float32",
    data: Float32Array,
    dims: readonly number[],
  ) => OnnxTensor;
}

/** Loads the package; bundles for browsers are without it. */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  return await import(PACKAGE);
}
