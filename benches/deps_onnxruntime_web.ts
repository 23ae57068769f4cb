/** ONNX Runtime in WebAssembly, a peer of the benches; tests run our ONNX files with it. */
export * as ort from "npm:onnxruntime-web@1.30.0";
