// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * Registers the gradients of TensorFlow.js as a side effect; tfjs-core alone has none, and
 * tfjs-layers is the smallest package that registers them.
 *
 * @module
 */

import "npm:@tensorflow/tfjs-layers@4.22.0";
