// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * TensorFlow.js's WebGPU backend, loaded only by who uses it.
 *
 * @module
 */

import "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
