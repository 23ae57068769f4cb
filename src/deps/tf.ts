/**
 * TensorFlow.js without backends (see `wasm.ts`, `webgpu.ts`, `cpu.ts`) and without
 * gradients (see `gradients.ts`).
 *
 * The files of this folder name npm packages in full, since a module imported by URL does
 * not see the import map.
 *
 * @module
 */

export * as tf from "npm:@tensorflow/tfjs-core@4.22.0";
