/**
 * A program that computes on WebGPU and prints what becomes of its device; with an argument
 * it ends itself.
 *
 * @module
 */

import { tf } from "../../src/deps/tf.ts";
import { useBackend } from "../../src/kernels/backend.ts";
import { nameRuntimeFolder } from "../../tasks/_cli/runtime_folder.ts";

nameRuntimeFolder();
const { destroy } = GPUDevice.prototype;
GPUDevice.prototype.destroy = function () {
  console.log("destroyed");
  return destroy.call(this);
};
await useBackend("webgpu");
console.log(String(await tf.add(tf.tensor([1]), tf.tensor([2])).data()));
if (Deno.args.length > 0) Deno.exit(0);
