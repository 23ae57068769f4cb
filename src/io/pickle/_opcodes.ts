/**
 * Reads the opcodes of Python's pickles, protocols 0 to 5, and their operands.
 *
 * Source: Python's Lib/pickletools.py.
 *
 * @module
 */

/** Opcodes by their names in Python. */
export const OP = {
  MARK: 0x28,
  EMPTY_TUPLE: 0x29,
  STOP: 0x2e,
  POP: 0x30,
  POP_MARK: 0x31,
  DUP: 0x32,
  BINBYTES: 0x42,
  SHORT_BINBYTES: 0x43,
  FLOAT: 0x46,
  BINFLOAT: 0x47,
  INT: 0x49,
  BININT: 0x4a,
  BININT1: 0x4b,
  LONG: 0x4c,
  BININT2: 0x4d,
  NONE: 0x4e,
  PERSID: 0x50,
  BINPERSID: 0x51,
  REDUCE: 0x52,
  STRING: 0x53,
  BINSTRING: 0x54,
  SHORT_BINSTRING: 0x55,
  UNICODE: 0x56,
  BINUNICODE: 0x58,
  EMPTY_LIST: 0x5d,
  APPEND: 0x61,
  BUILD: 0x62,
  GLOBAL: 0x63,
  DICT: 0x64,
  APPENDS: 0x65,
  GET: 0x67,
  BINGET: 0x68,
  INST: 0x69,
  LONG_BINGET: 0x6a,
  LIST: 0x6c,
  OBJ: 0x6f,
  PUT: 0x70,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  SETITEM: 0x73,
  TUPLE: 0x74,
  SETITEMS: 0x75,
  EMPTY_DICT: 0x7d,
  PROTO: 0x80,
  NEWOBJ: 0x81,
  EXT1: 0x82,
  EXT2: 0x83,
  EXT4: 0x84,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  LONG4: 0x8b,
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE8: 0x8d,
  BINBYTES8: 0x8e,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  FROZENSET: 0x91,
  NEWOBJ_EX: 0x92,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
  BYTEARRAY8: 0x96,
  NEXT_BUFFER: 0x97,
  READONLY_BUFFER: 0x98,
} as const;

/** The operand of an opcode: a number, lines of text, or bytes after their length. */
type Operand =
  | { number: "u1" | "u2" | "u4" | "i4" | "u8" | "f8" }
  | { lines: 1 | 2 }
  | { lengthIn: 1 | 4 | 8 };

const OPERANDS = new Map<number, Operand | undefined>([
  ...Object.values(OP).map((code) => [code, undefined] as [number, undefined]),
  ...([
    OP.FLOAT,
    OP.INT,
    OP.LONG,
    OP.PERSID,
    OP.STRING,
    OP.UNICODE,
    OP.GET,
    OP.PUT,
  ].map((code) => [code, { lines: 1 }] as [number, Operand])),
  [OP.GLOBAL, { lines: 2 }],
  [OP.INST, { lines: 2 }],
  [OP.BININT, { number: "i4" }],
  [OP.BININT1, { number: "u1" }],
  [OP.BININT2, { number: "u2" }],
  [OP.BINFLOAT, { number: "f8" }],
  [OP.BINGET, { number: "u1" }],
  [OP.LONG_BINGET, { number: "u4" }],
  [OP.BINPUT, { number: "u1" }],
  [OP.LONG_BINPUT, { number: "u4" }],
  [OP.PROTO, { number: "u1" }],
  [OP.EXT1, { number: "u1" }],
  [OP.EXT2, { number: "u2" }],
  [OP.EXT4, { number: "i4" }],
  [OP.FRAME, { number: "u8" }],
  [OP.SHORT_BINSTRING, { lengthIn: 1 }],
  [OP.SHORT_BINBYTES, { lengthIn: 1 }],
  [OP.SHORT_BINUNICODE, { lengthIn: 1 }],
  [OP.LONG1, { lengthIn: 1 }],
  [OP.BINSTRING, { lengthIn: 4 }],
  [OP.BINBYTES, { lengthIn: 4 }],
  [OP.BINUNICODE, { lengthIn: 4 }],
  [OP.LONG4, { lengthIn: 4 }],
  [OP.BINUNICODE8, { lengthIn: 8 }],
  [OP.BINBYTES8, { lengthIn: 8 }],
  [OP.BYTEARRAY8, { lengthIn: 8 }],
]);

const WIDTHS = { u1: 1, u2: 2, u4: 4, i4: 4, u8: 8, f8: 8 } as const;
const NEWLINE = 10;
const nothing = new Uint8Array();

/**
 * Reads opcodes from bytes that may arrive in pieces. {@linkcode OpReader.next} sets the
 * fields to the next opcode and its operand.
 */
export class OpReader {
  /** The opcode. */
  code = 0;
  /** Its offset in the file. */
  position = 0;
  /** Its operand, if that is a number. */
  number = 0;
  /** Its operand, if that is bytes, or the first line of its operand. */
  bytes: Uint8Array = nothing;
  /** The second line of its operand. */
  secondLine: Uint8Array = nothing;
  /** Least number of bytes from {@linkcode OpReader.end} on that the next opcode needs. */
  wanted = 1;
  readonly #name: string;
  readonly #size: number;
  #buffer: Uint8Array = nothing;
  #view: DataView = new DataView(nothing.buffer);
  /** Offsets: of the next opcode in the buffer, and of the buffer in the file. */
  #at = 0;
  #base: number;

  /**
   * @param name Name of the file, for errors.
   * @param size Size of the file in bytes, which limits the length of operands.
   * @param start Offset of the pickle in the file.
   */
  constructor(name: string, size: number, start = 0) {
    this.#name = name;
    this.#size = size;
    this.#base = start;
  }

  /** Offset of the next opcode in the file. */
  get end(): number {
    return this.#base + this.#at;
  }

  /** Replaces the buffer with the bytes from {@linkcode OpReader.end} on. */
  feed(bytes: Uint8Array): void {
    this.#base += this.#at;
    this.#at = 0;
    this.#buffer = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Reads the next opcode.
   *
   * @returns False if {@linkcode OpReader.wanted} bytes must be fed first.
   * @throws {SyntaxError} If the opcode is unknown, or the file ends inside it.
   */
  next(): boolean {
    const at = this.#at;
    if (!this.#has(at, 1)) return false;
    const code = this.#buffer[at];
    const operand = OPERANDS.get(code);
    let after = at + 1;
    if (operand === undefined) {
      if (!OPERANDS.has(code)) {
        this.position = this.end;
        this.fail(`unknown opcode 0x${code.toString(16).padStart(2, "0")}`);
      }
    } else if ("number" in operand) {
      const width = WIDTHS[operand.number];
      if (!this.#has(after, width)) return false;
      this.number = this.#readNumber(operand.number, after);
      after += width;
    } else if ("lines" in operand) {
      const first = this.#lineEnd(after);
      if (first < 0) return false;
      this.bytes = this.#buffer.subarray(after, first);
      after = first + 1;
      if (operand.lines === 2) {
        const second = this.#lineEnd(after);
        if (second < 0) return false;
        this.secondLine = this.#buffer.subarray(after, second);
        after = second + 1;
      }
    } else {
      const width = operand.lengthIn;
      if (!this.#has(after, width)) return false;
      const kind = width === 1 ? "u1" : width === 4 ? "u4" : "u8";
      const length = this.#readNumber(kind, after);
      if (!this.#has(after + width, length)) return false;
      this.bytes = this.#buffer.subarray(after + width, after + width + length);
      after += width + length;
    }
    this.code = code;
    this.position = this.end;
    this.#at = after;
    return true;
  }

  /** Throws a `SyntaxError` with the file, the problem and the opcode's offset. */
  fail(problem: string): never {
    throw new SyntaxError(
      `Cannot read "${this.#name}": the pickle has ${problem} at byte ${this.position}`,
    );
  }

  #has(from: number, length: number): boolean {
    if (from + length <= this.#buffer.length) return true;
    this.wanted = from + length - this.#at;
    if (this.end + this.wanted > this.#size) {
      this.position = this.end;
      this.fail(`an opcode of ${this.wanted} bytes in a file of ${this.#size}`);
    }
    return false;
  }

  #lineEnd(from: number): number {
    const end = this.#buffer.indexOf(NEWLINE, from);
    if (end >= 0) return end;
    const given = this.#buffer.length - this.#at;
    this.position = this.end;
    if (this.end + given >= this.#size) this.fail("a line without an end");
    this.wanted = Math.min(2 * given + 1, this.#size - this.end);
    return -1;
  }

  #readNumber(kind: keyof typeof WIDTHS, at: number): number {
    const view = this.#view;
    switch (kind) {
      case "u1":
        return view.getUint8(at);
      case "u2":
        return view.getUint16(at, true);
      case "u4":
        return view.getUint32(at, true);
      case "i4":
        return view.getInt32(at, true);
      case "u8":
        return Number(view.getBigUint64(at, true));
      case "f8":
        return view.getFloat64(at);
    }
  }
}
