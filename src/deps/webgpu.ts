// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * The WebGPU backend of TensorFlow.js, loaded when it is chosen.
 *
 * @module
 */

import "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
