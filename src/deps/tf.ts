/**
 * TensorFlow.js without backends (see `wasm.ts`, `webgpu.ts`, `cpu.ts`) and without
 * gradients (see `gradients.ts`).
 *
 * The files of this folder name npm packages in full, since a module imported by URL does
 * not see the import map.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
import { restorePlatform } from "./_host_platform.ts";
import * as tf from "npm:@tensorflow/tfjs-core@4.22.0";

restorePlatform();

export { tf };
