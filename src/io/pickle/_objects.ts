/**
 * The objects of a pickle: which names it may mention, and what becomes of them.
 *
 * @module
 */

import {
  AllowedClass,
  type Constructor,
  CONSTRUCTORS,
  type Context,
  isCsr,
  makeInstance,
  NAMES,
  setCsrState,
} from "./_globals.ts";
import {
  NUMPY_CONSTRUCTORS,
  NUMPY_NAMES,
  PickledArray,
  PickledDtype,
  setArrayState,
  setDtypeState,
} from "./_numpy.ts";
import type { OpReader } from "./_opcodes.ts";
import { CsrMatrix, PyGlobal, PyObject } from "./_values.ts";

/** What a caller allows beyond the built-in lists. */
export interface ObjectOptions {
  /** Classes whose instances become records: `"module.Class"` or `"module.*"`. */
  classes?: readonly string[];
  /** More that can be called, by name. */
  constructors?: ReadonlyMap<string, Constructor>;
  /** Gives the value of a persistent id; without it a pickle with one is refused. */
  persistentLoad?: (id: unknown, context: Context) => unknown;
}

/** Where the pickle is and how much it may still make. */
interface Place extends Context {
  /** Of the file. */
  name: string;
  reader: OpReader;
}

/** Makes the objects of one pickle. */
export class Objects {
  readonly #options: ObjectOptions;
  readonly #place: Place;

  constructor(options: ObjectOptions, place: Place) {
    this.#options = options;
    this.#place = place;
  }

  /** The class or function of a name; throws a `RangeError` if it is not known. */
  global(module: string, name: string): PyGlobal {
    const full = `${module}.${name}`;
    const { classes = [], constructors } = this.#options;
    if (classes.includes(full) || classes.includes(`${module}.*`)) {
      return new AllowedClass(full);
    }
    const isKnown = CONSTRUCTORS.has(full) || NUMPY_CONSTRUCTORS.has(full) ||
      constructors?.has(full) || NAMES.has(full) || NUMPY_NAMES.has(full) || isCsr(full);
    if (isKnown) return new PyGlobal(full);
    throw new RangeError(
      `Cannot read "${this.#place.name}": at byte ${this.#place.reader.position} it asks for ${
        JSON.stringify(full.slice(0, 100))
      }, which is none of the few classes that may be constructed`,
    );
  }

  /** What a known function returns, or an instance of an allowed class. */
  call(callee: unknown, args: readonly unknown[]): unknown {
    if (!(callee instanceof PyGlobal)) {
      return this.#place.fail("a call of something else than a class");
    }
    const make = this.#options.constructors?.get(callee.name) ??
      CONSTRUCTORS.get(callee.name) ?? NUMPY_CONSTRUCTORS.get(callee.name);
    return make ? make(args, this.#place) : this.instance(callee, args);
  }

  /** An instance without state. */
  instance(type: unknown, args: readonly unknown[]): unknown {
    if (type instanceof PyGlobal) return makeInstance(type, args, this.#place);
    return this.#place.fail("an instance of something else than a class");
  }

  /** Gives an instance its state. */
  build(target: unknown, state: unknown): false {
    const { fail } = this.#place;
    if (target instanceof PickledArray) setArrayState(target, state, this.#place);
    else if (target instanceof PickledDtype) setDtypeState(target, state, this.#place);
    else if (target instanceof CsrMatrix) setCsrState(target, state, this.#place);
    else if (target instanceof PyObject) {
      // A class with __slots__ has a pair: its dict, or nothing, and its slots.
      const parts = Array.isArray(state) && state.length === 2 ? state : [state];
      for (const part of parts) {
        if (part === null) continue;
        if (!(part instanceof Map)) return fail("an instance whose state is no dict");
        for (const [name, value] of part) target.fields[String(name)] = value;
      }
    } else if (!(target instanceof Map) || (state instanceof Map && state.size > 0)) {
      fail("a state for something that has none");
    }
    return false;
  }

  /** The value of a reference to outside the pickle. */
  persistent(id: unknown): unknown {
    const load = this.#options.persistentLoad;
    return load
      ? load(id, this.#place)
      : this.#place.fail("a reference to outside the file");
  }
}
