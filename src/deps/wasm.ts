// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * The WASM SIMD backend of TensorFlow.js, loaded when it is chosen.
 *
 * @module
 */

import "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
export { setWasmPaths } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
