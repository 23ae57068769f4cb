/** ONNX Runtime in native code: a peer. */
export * as ort from "npm:onnxruntime-node@1.30.0";
