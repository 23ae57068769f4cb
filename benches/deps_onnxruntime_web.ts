/** ONNX Runtime in WebAssembly: a peer, and what checks our ONNX files. */
export * as ort from "npm:onnxruntime-web@1.30.0";
