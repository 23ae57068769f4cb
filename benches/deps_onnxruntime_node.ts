/** ONNX Runtime in native code, a peer of the benches. */
export * as ort from "npm:onnxruntime-node@1.30.0";
