/**
 * Computes as a guest of the host program. A host may use TensorFlow.js too, whose
 * backend, memory scope, variables, gradients and flags are global, even between copies of
 * the library of several versions: they stay as they were.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";

/** The part of TensorFlow.js's global engine that a guest must give back. */
interface Engine {
  backendName?: string;
  backendInstance?: tf.KernelBackend;
  profiler: unknown;
  registry: Record<string, tf.KernelBackend>;
  state: EngineState;
}

interface EngineState {
  activeScope?: object;
  scopeStack: object[];
  gradientDepth: number;
  registeredVariables: Record<string, tf.Variable>;
}

/** The guest's own variables, which the host neither trains nor disposes. */
const registeredVariables: Record<string, tf.Variable> = {};

/**
 * Runs a function on a backend that is started, outside of the host's memory scopes and
 * gradients; the caller disposes the tensors that it makes.
 *
 * @param backend Name of the backend.
 * @param run The function; if it is asynchronous, it is a guest until its first `await`.
 * @returns What the function returns.
 */
export function asGuest<T>(backend: string, run: () => T): T {
  const engine = tf.engine() as unknown as Engine;
  const { backendName, backendInstance, profiler, state, registry } = engine;
  const ofHost: EngineState = {
    activeScope: state.activeScope,
    scopeStack: state.scopeStack,
    gradientDepth: state.gradientDepth,
    registeredVariables: state.registeredVariables,
  };
  const ofGuest: EngineState = {
    activeScope: undefined,
    scopeStack: [],
    gradientDepth: 0,
    registeredVariables,
  };
  Object.assign(engine, { backendName: backend, backendInstance: registry[backend] });
  Object.assign(state, ofGuest);
  try {
    return run();
  } finally {
    Object.assign(engine, { backendName, backendInstance, profiler });
    Object.assign(state, ofHost);
  }
}

/** Runs a function while flags of TensorFlow.js have other values. */
export function withFlags<T>(values: Readonly<Record<string, boolean>>, run: () => T): T {
  const flags = tf.env().getFlags(), before = { ...flags };
  Object.assign(flags, values);
  try {
    return run();
  } finally {
    for (const name of Object.keys(values)) {
      if (Object.hasOwn(before, name)) flags[name] = before[name];
      else delete flags[name]; // it is found out when it is needed
    }
  }
}
