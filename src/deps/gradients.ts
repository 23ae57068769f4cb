// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * Gives TensorFlow.js its gradients, as a side effect: tfjs-core alone has none.
 *
 * @module
 */

import "npm:@tensorflow/tfjs@4.22.0";
