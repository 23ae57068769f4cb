/**
 * Starts backends of TensorFlow.js without choosing one for the host program.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { asGuest, withFlags } from "./guest.ts";
import { startQuietly } from "./quiet_start.ts";

/** Our kernels use the heap of the WASM build without threads. */
const FLAGS = { WASM_HAS_MULTITHREAD_SUPPORT: false };

const starting = new Map<string, Promise<void>>();

/**
 * Starts a backend, unless this or the host has started it.
 *
 * @param name Name of the backend.
 * @param register Registers it with TensorFlow.js.
 * @throws {unknown} What the backend throws.
 */
export async function startBackend(
  name: string,
  register: () => Promise<unknown>,
): Promise<void> {
  const { registry, registryFactory } = tf.engine();
  const isOfHost = name in registryFactory;
  await register();
  if (!(name in registryFactory)) {
    throw new Error(`it needs an engine that has "${name}"`);
  }
  // A host that never chooses a backend gets the one of the highest priority.
  if (!isOfHost) registryFactory[name].priority = 0;
  if (tf.getBackend() === name) await tf.ready(); // the host may be starting it
  if (!registry[name]) {
    if (!starting.has(name)) starting.set(name, start(name));
    try {
      await starting.get(name);
    } finally {
      starting.delete(name);
    }
  }
}

async function start(name: string): Promise<void> {
  const { registry, registryFactory } = tf.engine();
  const entry = registryFactory[name], { factory } = entry;
  // The factory reads the flags before it waits for anything.
  const begin = () => Promise.resolve(withFlags(FLAGS, factory));
  const started = name === "wasm" ? startQuietly(begin) : begin();
  entry.factory = () => started; // for the host: a second instance would not be ours
  try {
    const backend = registry[name] = await started;
    entry.factory = () => backend;
    destroyAtEnd(backend);
    // Else the CPU backend advises the users of Node.js, Deno and Bun to install another.
    if ("firstUse" in backend) backend.firstUse = false;
  } catch (error) {
    entry.factory = factory;
    throw error;
  }
  // Binds the kernels of TensorFlow.js to the instance.
  asGuest(name, () => tf.setBackend(name));
}

/**
 * Destroys the device of a backend that has one before the program ends. The driver works
 * in threads of its own, and may break the heap if its library is unloaded under them.
 */
function destroyAtEnd(backend: object): void {
  if (!("device" in backend)) return;
  const device = backend.device as GPUDevice;
  globalThis.addEventListener("unload", () => device.destroy(), { once: true });
}
