/**
 * The first pass over a pickle, which builds nothing. It finds where each element of the
 * list is complete, and how long the memo must keep each value.
 *
 * @module
 */

import type { ByteSource } from "../byte_source.ts";
import { OP, OpReader } from "./_opcodes.ts";
import { parseInt10 } from "./_text.ts";
import { latin1 } from "../numpy/array.ts";

/** The result of the first pass, for the second one. */
export interface PicklePlan {
  /** Whether the pickle is a list to which elements are appended. */
  isList: boolean;
  /** Elements in order: offset of the opcode that completes each, and its stack slot. */
  items: { position: number; slot: number }[];
  /** Offset of the last use of each memo entry that is used. */
  lastUse: Map<number, number>;
}

/** Number of values that an opcode takes from the stack; default 0. */
const POPS = new Map<number, number | "mark">([
  ...[
    OP.LIST,
    OP.DICT,
    OP.TUPLE,
    OP.FROZENSET,
    OP.OBJ,
    OP.INST,
    OP.APPENDS,
    OP.SETITEMS,
    OP.ADDITEMS,
    OP.POP_MARK,
  ].map((code) => [code, "mark"] as [number, "mark"]),
  [OP.TUPLE1, 1],
  [OP.BINPERSID, 1],
  [OP.APPEND, 1],
  [OP.BUILD, 1],
  [OP.TUPLE2, 2],
  [OP.REDUCE, 2],
  [OP.NEWOBJ, 2],
  [OP.STACK_GLOBAL, 2],
  [OP.SETITEM, 2],
  [OP.TUPLE3, 3],
  [OP.NEWOBJ_EX, 3],
]);

/** Opcodes that push nothing; all others push one value. */
const PUSH_NOTHING = new Set<number>([
  OP.APPEND,
  OP.APPENDS,
  OP.SETITEM,
  OP.SETITEMS,
  OP.ADDITEMS,
  OP.BUILD,
  OP.POP_MARK,
  OP.PUT,
  OP.BINPUT,
  OP.LONG_BINPUT,
  OP.MEMOIZE,
  OP.PROTO,
  OP.FRAME,
  OP.READONLY_BUFFER,
]);

/**
 * Reads a pickle from start to end without building its values.
 *
 * @param source The file.
 * @param chunkBytes Bytes to read at a time.
 * @throws {SyntaxError} If the file is not a pickle.
 */
export async function scanPickle(
  source: ByteSource,
  chunkBytes: number,
): Promise<PicklePlan> {
  const reader = new OpReader(source.name, source.size);
  const fail = (problem: string) => reader.fail(problem);
  const id = () =>
    reader.code === OP.GET || reader.code === OP.PUT
      ? Number(parseInt10(latin1(reader.bytes), fail))
      : reader.number;
  const plan: PicklePlan = { isList: false, items: [], lastUse: new Map() };
  const marks: number[] = [];
  /** Offset of the opcode that last changed each slot. */
  const changed: number[] = [];
  const idsOfList = new Set<number>();
  let depth = 0, memoSize = 0, roots = 0;
  for (;;) {
    while (!reader.next()) {
      reader.feed(await source.read(reader.end, Math.max(reader.wanted, chunkBytes)));
    }
    const { code, position } = reader;
    if (code === OP.STOP) return plan;
    if (code === OP.MARK) {
      marks.push(depth);
      continue;
    }
    if (code === OP.POP) {
      if (marks.at(-1) === depth) marks.pop();
      else depth--;
      continue;
    }
    const before = depth;
    const pops = POPS.get(code) ?? 0;
    depth = pops === "mark" ? marks.pop() ?? -1 : depth - pops;
    if (depth < (marks.at(-1) ?? 0)) fail("an empty stack");
    const isAppend = code === OP.APPEND || code === OP.APPENDS;
    // An element is appended to the list, or collected into it from its mark.
    const isOfList = marks.length === 0 &&
      (isAppend ? depth === 1 : code === OP.LIST && depth === 0 && roots === 0);
    if (isOfList) {
      for (let slot = depth; slot < before; slot++) {
        plan.items.push({ position: changed[slot], slot });
      }
    }
    if (!PUSH_NOTHING.has(code)) {
      if (depth === 0 && marks.length === 0) {
        plan.isList = roots++ === 0 && (code === OP.EMPTY_LIST || code === OP.LIST);
      }
      depth++;
    } else if (depth === 1 && !isAppend && marks.length === 0) {
      const isPut = code === OP.PUT || code === OP.BINPUT || code === OP.LONG_BINPUT;
      if (isPut) idsOfList.add(id());
      if (code === OP.MEMOIZE) idsOfList.add(memoSize);
    }
    if (code === OP.PUT || code === OP.BINPUT || code === OP.LONG_BINPUT) {
      memoSize = Math.max(memoSize, id() + 1);
    } else if (code === OP.MEMOIZE) memoSize++;
    else if (code === OP.GET || code === OP.BINGET || code === OP.LONG_BINGET) {
      plan.lastUse.set(id(), position);
      // A list that an element refers to must be complete before it is given out.
      if (idsOfList.has(id())) plan.isList = false;
    }
    changed[depth - 1] = position;
  }
}
