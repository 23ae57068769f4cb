// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * Registers the gradients of TensorFlow.js as a side effect; tfjs-core alone has none.
 *
 * @module
 */

import "npm:@tensorflow/tfjs@4.22.0";
