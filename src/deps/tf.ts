/**
 * The npm packages that `src/` uses, each named in full here and nowhere else: a
 * module imported by URL does not see our import map.
 *
 * tfjs-core alone has no gradients; `src/deps/gradients.ts` adds them.
 *
 * @module
 */

export * as tf from "npm:@tensorflow/tfjs-core@4.22.0";
