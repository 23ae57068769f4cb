/**
 * The stack machine whose program a pickle is.
 *
 * Source: Python's Lib/pickle.py. The machine runs no code of the pickle: `_objects.ts`
 * knows the few names that it may mention.
 *
 * @module
 */

import { type ObjectOptions, Objects } from "./_objects.ts";
import { OP, type OpReader } from "./_opcodes.ts";
import { readLiteral } from "./_literals.ts";
import { parseInt10 } from "./_text.ts";
import { RawString } from "./_values.ts";
import { latin1 } from "../numpy/array.ts";

/** Values made from others are limited to `GROWTH` times the file plus `ALLOWANCE`. */
const GROWTH = 8, ALLOWANCE = 2 ** 24;

/** Runs opcodes one at a time. */
export class Machine {
  /** Values in the making; the slots above a mark belong to the mark. */
  readonly stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  #memoSize = 0;
  /** Tuples that may still contain raw strings. */
  readonly #rawTuples = new WeakSet<unknown[]>();
  readonly #reader: OpReader;
  readonly #objects: Objects;
  readonly #failing: (problem: string) => never;
  readonly #keeps: (id: number, position: number) => boolean;

  /**
   * @param name Name of the file, for errors.
   * @param size Size of the file in bytes.
   * @param reader The source of opcodes.
   * @param options The classes and functions allowed beyond the built-in ones.
   * @param keeps Whether a memo entry is used after a place in the file.
   */
  constructor(
    name: string,
    size: number,
    reader: OpReader,
    options: ObjectOptions,
    keeps: (id: number, position: number) => boolean = () => true,
  ) {
    this.#reader = reader;
    this.#keeps = keeps;
    this.#failing = (problem) => reader.fail(problem);
    let budget = GROWTH * size + ALLOWANCE;
    const spend = (amount: number) => {
      budget -= amount;
      if (budget < 0) reader.fail("values far larger than the file");
    };
    this.#objects = new Objects(options, { name, reader, fail: this.#failing, spend });
  }

  /**
   * Runs the current opcode of the reader.
   *
   * @returns True if it was the last one.
   * @throws {SyntaxError} If the stack or the memo does not suit the opcode.
   * @throws {RangeError} If the opcode names a class that is not allowed.
   */
  run(): boolean {
    const { code, number, bytes, secondLine } = this.#reader;
    const literal = readLiteral(this.#reader, this.#failing);
    if (literal !== undefined) return this.#push(literal);
    switch (code) {
      case OP.PROTO:
        if (number > 5) this.#fail(`protocol ${number}, known are 0 to 5`);
        return false;
      case OP.FRAME:
        return false;
      case OP.STOP:
        if (this.stack.length !== 1 || this.#marks.length > 0) {
          this.#fail("no single result");
        }
        this.stack[0] = this.#settled(this.stack[0]);
        return true;
      case OP.MARK:
        this.#marks.push(this.stack.length);
        return false;
      case OP.POP:
        if (this.#marks.at(-1) === this.stack.length) this.#marks.pop();
        else this.#pop();
        return false;
      case OP.POP_MARK:
        this.#popMark();
        return false;
      case OP.DUP:
        return this.#push(this.#top());
      case OP.READONLY_BUFFER:
        this.#top();
        return false;
      case OP.LIST:
        return this.#push(this.#popMark().map((item) => this.#settled(item)));
      case OP.DICT:
        return this.#push(this.#setItems(new Map(), this.#popMark()));
      case OP.FROZENSET:
        return this.#push(new Set(this.#popMark().map((item) => this.#settled(item))));
      case OP.TUPLE:
        return this.#pushTuple(this.#popMark());
      case OP.TUPLE1:
        return this.#pushTuple(this.#popMany(1));
      case OP.TUPLE2:
        return this.#pushTuple(this.#popMany(2));
      case OP.TUPLE3:
        return this.#pushTuple(this.#popMany(3));
      case OP.APPEND:
      case OP.APPENDS: {
        const items = code === OP.APPEND ? this.#popMany(1) : this.#popMark();
        const list = this.#top();
        if (!Array.isArray(list)) {
          return this.#fail("an append to a value that is not a list");
        }
        for (const item of items) list.push(this.#settled(item));
        return false;
      }
      case OP.ADDITEMS: {
        const items = this.#popMark();
        const set = this.#top();
        if (!(set instanceof Set)) {
          return this.#fail("an addition to a value that is not a set");
        }
        for (const item of items) set.add(this.#settled(item));
        return false;
      }
      case OP.SETITEM:
      case OP.SETITEMS: {
        const items = code === OP.SETITEM ? this.#popMany(2) : this.#popMark();
        const map = this.#top();
        if (!(map instanceof Map)) {
          return this.#fail("items for a value that is not a dict");
        }
        this.#setItems(map, items);
        return false;
      }
      case OP.PUT:
        return this.#put(Number(parseInt10(latin1(bytes), this.#failing)));
      case OP.BINPUT:
      case OP.LONG_BINPUT:
        return this.#put(number);
      case OP.MEMOIZE:
        return this.#put(this.#memoSize);
      case OP.GET:
        return this.#get(Number(parseInt10(latin1(bytes), this.#failing)));
      case OP.BINGET:
      case OP.LONG_BINGET:
        return this.#get(number);
      case OP.GLOBAL:
        return this.#push(this.#objects.global(latin1(bytes), latin1(secondLine)));
      case OP.STACK_GLOBAL: {
        const [module, name] = this.#popMany(2);
        return this.#push(this.#objects.global(String(module), String(name)));
      }
      case OP.REDUCE: {
        // Raw strings stay raw, as they may be the bytes of an array.
        const [callee, args] = this.#popMany(2);
        if (!Array.isArray(args)) return this.#fail("arguments that are not a tuple");
        return this.#push(this.#objects.call(callee, args));
      }
      case OP.NEWOBJ: {
        const [type, args] = this.#popMany(2);
        return this.#push(this.#instance(type, args));
      }
      case OP.NEWOBJ_EX: {
        const [type, args, named] = this.#popMany(3);
        if (!(named instanceof Map) || named.size > 0) this.#fail("named arguments");
        return this.#push(this.#instance(type, args));
      }
      case OP.INST: {
        const type = this.#objects.global(latin1(bytes), latin1(secondLine));
        return this.#push(this.#instance(type, this.#popMark()));
      }
      case OP.OBJ: {
        const [type, ...args] = this.#popMark();
        return this.#push(this.#instance(type, args));
      }
      case OP.BUILD: {
        const state = this.#pop();
        return this.#objects.build(this.#top(), state);
      }
      case OP.PERSID:
        return this.#push(this.#objects.persistent(latin1(bytes)));
      case OP.BINPERSID:
        return this.#push(this.#objects.persistent(this.#pop()));
      case OP.EXT1:
      case OP.EXT2:
      case OP.EXT4:
        return this.#fail(
          `extension ${number} of a registry that is not in the file`,
        );
      default:
        return this.#fail("a buffer that is not in the file");
    }
  }

  /** Takes a value from the stack and leaves an empty slot. */
  take(slot: number): unknown {
    const value = this.#settled(this.stack[slot]);
    this.stack[slot] = undefined;
    return value;
  }

  #fail(problem: string): never {
    return this.#reader.fail(problem);
  }

  #push(value: unknown): false {
    this.stack.push(value);
    return false;
  }

  #top(): unknown {
    if (this.stack.length <= (this.#marks.at(-1) ?? 0)) this.#fail("an empty stack");
    return this.stack.at(-1);
  }

  #pop(): unknown {
    this.#top();
    return this.stack.pop();
  }

  #popMany(count: number): unknown[] {
    if (this.stack.length - count < (this.#marks.at(-1) ?? 0)) {
      this.#fail("an empty stack");
    }
    return this.stack.splice(-count);
  }

  #popMark(): unknown[] {
    const mark = this.#marks.pop();
    return mark === undefined ? this.#fail("no mark") : this.stack.splice(mark);
  }

  /** Turns raw strings into text, for values that a caller will see. */
  #settled(value: unknown): unknown {
    if (value instanceof RawString) return value.text;
    if (Array.isArray(value) && this.#rawTuples.has(value)) {
      this.#rawTuples.delete(value);
      value.forEach((item, i) => {
        if (item instanceof RawString) value[i] = item.text;
      });
    }
    return value;
  }

  /** Pushes a tuple, which keeps its raw strings as it may be the state of an array. */
  #pushTuple(items: unknown[]): false {
    let isRaw = false;
    items.forEach((item, i) => {
      if (item instanceof RawString) isRaw = true;
      else items[i] = this.#settled(item);
    });
    if (isRaw) this.#rawTuples.add(items);
    return this.#push(items);
  }

  #setItems(map: Map<unknown, unknown>, items: unknown[]): Map<unknown, unknown> {
    if (items.length % 2) this.#fail("a key without a value");
    for (let i = 0; i < items.length; i += 2) {
      map.set(this.#settled(items[i]), this.#settled(items[i + 1]));
    }
    return map;
  }

  #put(id: number): false {
    this.#memoSize = Math.max(this.#memoSize, id + 1);
    if (this.#keeps(id, this.#reader.position)) this.#memo.set(id, this.#top());
    else this.#top();
    return false;
  }

  #get(id: number): false {
    if (!this.#memo.has(id)) this.#fail(`a reference to the missing memo entry ${id}`);
    this.#push(this.#memo.get(id));
    if (!this.#keeps(id, this.#reader.position)) this.#memo.delete(id);
    return false;
  }

  #instance(type: unknown, args: unknown): unknown {
    if (!Array.isArray(args)) return this.#fail("arguments that are not a tuple");
    return this.#objects.instance(type, args.map((arg) => this.#settled(arg)));
  }
}
