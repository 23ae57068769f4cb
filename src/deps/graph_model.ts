/**
 * The npm package that runs graph models of TensorFlow. `mod.ts` does not load it.
 *
 * @module
 */

import "./tf.ts"; // first, so that the host keeps its platform

export { GraphModel } from "npm:@tensorflow/tfjs-converter@4.22.0";
