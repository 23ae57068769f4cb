// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * TensorFlow.js's backend in plain JavaScript, loaded only by who uses it.
 *
 * @module
 */

import "npm:@tensorflow/tfjs-backend-cpu@4.22.0";
