/** The WebAssembly file of the WASM backend, which the bundle for browsers needs beside it. */
export {
  default as simd,
} from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/tfjs-backend-wasm-simd.wasm" with {
  type: "bytes",
};
