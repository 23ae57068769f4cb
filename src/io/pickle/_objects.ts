/**
 * The objects of a pickle: checks the names that it mentions and makes their values.
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

/** The names that a caller allows beyond the built-in ones. */
export interface ObjectOptions {
  /** Classes, as `"module.Class"` or `"module.*"`; an instance becomes a `PyObject`. */
  classes?: readonly string[];
  /** More constructors by full name. */
  constructors?: ReadonlyMap<string, Constructor>;
  /** Returns the value of a persistent id; without it, persistent ids are refused. */
  persistentLoad?: (id: unknown, context: Context) => unknown;
}

/** The pickle being read, with its limit on new values. */
interface Place extends Context {
  /** Name of the file. */
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

  /** Finds the class or function of a name; throws a `RangeError` if it is not allowed. */
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
      `Cannot read "${this.#place.name}" as it must name known classes only: found ${
        JSON.stringify(full.slice(0, 100))
      } at byte ${this.#place.reader.position}`,
    );
  }

  /** Calls a known constructor, or makes an instance of an allowed class. */
  call(callee: unknown, args: readonly unknown[]): unknown {
    if (!(callee instanceof PyGlobal)) {
      return this.#place.fail("a call of a value that is not a class");
    }
    const make = this.#options.constructors?.get(callee.name) ??
      CONSTRUCTORS.get(callee.name) ?? NUMPY_CONSTRUCTORS.get(callee.name);
    return make ? make(args, this.#place) : this.instance(callee, args);
  }

  /** Makes an instance without state. */
  instance(type: unknown, args: readonly unknown[]): unknown {
    if (type instanceof PyGlobal) return makeInstance(type, args, this.#place);
    return this.#place.fail("an instance of a value that is not a class");
  }

  /** Gives an instance its state. */
  build(target: unknown, state: unknown): false {
    const { fail } = this.#place;
    if (target instanceof PickledArray) setArrayState(target, state, this.#place);
    else if (target instanceof PickledDtype) setDtypeState(target, state, this.#place);
    else if (target instanceof CsrMatrix) setCsrState(target, state, this.#place);
    else if (target instanceof PyObject) {
      // The state of a class with __slots__ is a pair: its dict or None, and its slots.
      const parts = Array.isArray(state) && state.length === 2 ? state : [state];
      for (const part of parts) {
        if (part === null) continue;
        if (!(part instanceof Map)) return fail("an instance whose state is not a dict");
        for (const [name, value] of part) target.fields[String(name)] = value;
      }
    } else if (!(target instanceof Map) || (state instanceof Map && state.size > 0)) {
      fail("a state for a value that has none");
    }
    return false;
  }

  /** Resolves a reference to a value outside the pickle. */
  persistent(id: unknown): unknown {
    const load = this.#options.persistentLoad;
    return load
      ? load(id, this.#place)
      : this.#place.fail("a reference to a value outside the file");
  }
}
