/**
 * ONNX Runtime in WebAssembly, for detectors in ONNX files. `mod.ts` does not load it.
 *
 * @module
 */

export * as ort from "npm:onnxruntime-web@1.30.0";
