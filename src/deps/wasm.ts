// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * TensorFlow.js's WASM SIMD backend, loaded only by who uses it.
 *
 * @module
 */

import "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
export { setWasmPaths } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
