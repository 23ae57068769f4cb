import { assertEquals, assertThrows } from "@std/assert";
import type { JsonProblem } from "../src/json_problem.ts";
import { JsonValue, parseJson } from "../src/json_value.ts";

type Check = (value: JsonValue<undefined>) => unknown;

/** What a check of a value says, in both ways of telling. */
function assertRefused(
  value: unknown,
  check: Check,
  ErrorClass: typeof TypeError | typeof RangeError,
  problem: string,
  suggestion?: string,
): void {
  const found: JsonProblem[] = [];
  const gather = (problem: JsonProblem) => void found.push(problem);
  const root = new JsonValue({ a: value }, '"f.json"', gather as () => undefined);
  assertEquals(check(root.at("a")), undefined);
  assertEquals(found, [
    { name: '"f.json"', path: "a", problem, suggestion, ErrorClass },
  ]);
  const thrown = assertThrows(
    () => check(new JsonValue({ a: value }, '"f.json"').at("a") as never),
    ErrorClass,
  );
  const end = suggestion === undefined ? "" : `; ${suggestion}`;
  assertEquals(thrown.message, `Cannot use "f.json": a ${problem}${end}`);
}

const wrap = (value: unknown) => new JsonValue(value, '"f.json"');

Deno.test("parseJson() takes a text, and bytes in UTF-8", () => {
  const bytes = new TextEncoder().encode('\ufeff{"é": [1, null]}');
  for (const source of ['{"é": [1, null]}', bytes]) {
    assertEquals(parseJson(source, "x").value, { é: [1, null] });
  }
});

Deno.test("parseJson() refuses what is not JSON", () => {
  const cases: [string | Uint8Array, string][] = [
    ["{", "it is not JSON ("],
    ["", "it is not JSON ("],
    [Uint8Array.of(0x22, 0xff, 0x22), "it is not JSON ("],
    ['{"a": NaN}', "it has NaN, which JSON does not allow; leave the value out"],
    ["[-Infinity]", "it has Infinity, which JSON does not allow; leave the value out"],
  ];
  for (const [source, message] of cases) {
    const error = assertThrows(
      () => parseJson(source, '"f.json"'),
      SyntaxError,
      `Cannot read "f.json": ${message}`,
    );
    assertEquals(error.cause instanceof Error, true);
  }
});

Deno.test("parseJson() says what to do about text of Python, and commas too many", () => {
  const python = "text of Python: write it by json.dump, arrays by .tolist()";
  for (
    const [text, message] of [
      ["[{'a': 1}]", python],
      ['{"a": tensor([1])}', python],
      ['{"a": None}', python],
      ['[{"a": 1},]', "); JSON has no comma before ] and }"],
    ]
  ) assertThrows(() => parseJson(text, "x"), SyntaxError, message);
});

Deno.test("parseJson() reports instead of throwing where it is told to", () => {
  const found: JsonProblem[] = [];
  const gather = (problem: JsonProblem): undefined => {
    found.push(problem);
  };
  assertEquals(parseJson("[NaN]", "line 3", gather), undefined);
  assertEquals(parseJson("[true]", "line 4", gather)?.at(0).string(), undefined);
  assertEquals(
    found.map(({ name, path, problem }) => [name, path, problem]),
    [
      ["line 3", "", "has NaN, which JSON does not allow"],
      ["line 4", "[0]", "must be a text: found true"],
    ],
  );
});

Deno.test("JsonValue knows its place", () => {
  const root = new JsonValue({}, '"f.json"');
  assertEquals([root.name, root.path, root.place], ['"f.json"', "", '"f.json"']);
  const box = root.at("images").at(3).at("boxes").at(2);
  assertEquals([box.name, box.path, box.place], [
    '"f.json"',
    "images[3].boxes[2]",
    '"f.json": images[3].boxes[2]',
  ]);
  assertEquals(root.at("a b.jpg").at("x-1").at("_x").path, '["a b.jpg"]["x-1"]._x');
  assertEquals(new JsonValue([], "").at(0).at("a").place, "[0].a");
  assertEquals(wrap({ a: [{}] }).at("a").items()[0].at("b").path, "a[0].b");
});

Deno.test("JsonValue.at() gives own keys and items only", () => {
  const root = wrap({ list: [7], "0": 1 });
  assertEquals(root.at("list").at(0).value, 7);
  for (
    const none of [
      root.at("toString"),
      root.at("__proto__"),
      root.at("list").at("length"),
      root.at("list").at(1),
      root.at(0),
      root.at("none").at("none"),
    ]
  ) {
    assertEquals(none.value, undefined);
  }
});

Deno.test("JsonValue blames the value that has no keys for a missing one", () => {
  assertThrows(
    () => wrap({ a: 3 }).at("a").at("b").at("c").number(),
    TypeError,
    'Cannot use "f.json": a must be an object: found 3',
  );
  assertThrows(
    () => wrap([]).at("a").number(),
    TypeError,
    'Cannot use "f.json": it must be an object: found []',
  );
  assertThrows(
    () => wrap({}).at("a").at("b").at("c").number(),
    TypeError,
    'Cannot use "f.json": a is missing, it must be an object',
  );
});

Deno.test("JsonValue.isMissing and optional take null for nothing", () => {
  const root = wrap({ none: null, zero: 0, no: false, empty: "" });
  for (const key of ["none", "left out"]) {
    assertEquals([root.at(key).isMissing, root.at(key).optional], [true, undefined]);
  }
  for (const key of ["zero", "no", "empty"]) {
    assertEquals(root.at(key).isMissing, false);
    assertEquals(root.at(key).optional?.value, root.at(key).value);
  }
});

Deno.test("JsonValue.refuse() and refuseKind() say what must hold", () => {
  const tip = "cut it";
  assertRefused(
    9,
    (v) => v.refuse("inside", tip),
    RangeError,
    "must be inside: found 9",
    tip,
  );
  assertRefused([], (v) => v.refuseKind("a box"), TypeError, "must be a box: found []");
  assertRefused(
    undefined,
    (v) => v.refuse("a box"),
    TypeError,
    "is missing, it must be a box",
  );
  assertRefused(null, (v) => v.refuse("a box"), RangeError, "must be a box: found null");
});

Deno.test("JsonValue.object() and entries() take objects", () => {
  assertEquals(wrap({ a: 1 }).object(), { a: 1 });
  const [[key, value]] = wrap({ "a b": 1 }).entries();
  assertEquals([key, value.value, value.path], ["a b", 1, '["a b"]']);
  for (const check of [(v) => v.object(), (v) => v.entries()] as Check[]) {
    assertRefused([1], check, TypeError, "must be an object: found [1]");
    assertRefused(null, check, TypeError, "must be an object: found null");
  }
});

Deno.test("JsonValue.onlyKeys() refuses unknown keys", () => {
  wrap({ a: 1 }).onlyKeys(["a", "b"]);
  const message = 'Cannot use "f.json": wdith is not a known key; the nearest is "width"';
  const known = ["height", "width"];
  assertThrows(() => wrap({ height: 1, wdith: 2 }).onlyKeys(known), TypeError, message);
  assertThrows(
    () => wrap({ depth: 2 }).onlyKeys(known),
    TypeError,
    "depth is not a known key; known are height, width",
  );
  assertRefused([], (v) => v.onlyKeys(known), TypeError, "must be an object: found []");
  const found: string[] = [];
  const gather = ({ path }: JsonProblem) => void found.push(path);
  new JsonValue({ x: 1, width: 2, y: 3 }, "", gather).onlyKeys(known);
  assertEquals(found, ["x", "y"]);
});

Deno.test("JsonValue.items() takes lists, of a certain length if one is given", () => {
  assertEquals(wrap([1, "a"]).items().map(({ value }) => value), [1, "a"]);
  assertEquals(wrap([]).items(0, "parts"), []);
  assertRefused("ab", (v) => v.items(), TypeError, 'must be a list: found "ab"');
  assertRefused([1], (v) => v.items(2), TypeError, "must be a list of 2: found [1]");
  assertRefused(
    {},
    (v) => v.items(2, "parts"),
    TypeError,
    "must be a list of 2 parts: found {...}",
  );
});

Deno.test("JsonValue.numbers() and float32s() take lists of finite numbers", () => {
  assertEquals(wrap([1e39, -0.5]).numbers(2), [1e39, -0.5]);
  assertEquals(wrap([3.4e38, 1]).float32s(), [3.4e38, 1]);
  const root = new JsonValue({ a: [1, 1e39, "3", null] }, "f").at("a");
  assertThrows(
    () => root.numbers(),
    TypeError,
    'a[2] must be a finite number: found "3"',
  );
  assertThrows(
    () => root.float32s(),
    RangeError,
    "a[1] must be a finite number, as float32 holds it: found 1e+39",
  );
  const infinite = parseJson("[1e999]", "f");
  assertThrows(
    () => infinite.numbers(),
    RangeError,
    "[0] must be a finite number: found Inf",
  );
  for (
    const check of [
      (v) => v.numbers(3, "sides"),
      (v) => v.float32s(3, "sides"),
    ] as Check[]
  ) {
    assertRefused([1], check, TypeError, "must be a list of 3 sides: found [1]");
  }
  assertRefused(1, (v) => v.numbers(), TypeError, "must be a list: found 1");
});

Deno.test("JsonValue.names() takes different texts", () => {
  assertEquals(wrap(["cup", "", "Cup"]).names(), ["cup", "", "Cup"]);
  assertEquals(wrap([]).names(0), []);
  const must = "must be a list of names: found";
  assertRefused("cup", (v) => v.names(), TypeError, `${must} "cup"`);
  assertRefused([], (v) => v.names(), RangeError, `${must} []`);
  const root = wrap({ a: ["x", 3], b: ["x", "y", "x"] });
  assertThrows(() => root.at("a").names(), TypeError, "a[1] must be a name: found 3");
  assertThrows(
    () => root.at("b").names(),
    RangeError,
    'b[2] must be a name other than b[0]: found "x"',
  );
});

Deno.test("JsonValue.string() and id() take texts", () => {
  assertEquals([wrap("").string(), wrap("a").id(), wrap(7).id()], ["", "a", "7"]);
  assertRefused(7, (v) => v.string(), TypeError, "must be a text: found 7");
  assertRefused(0.5, (v) => v.id(), TypeError, "must be a text: found 0.5");
  assertRefused("", (v) => v.id(), RangeError, 'must be a text: found ""');
  // The first half of a character of two, which no file of text can hold.
  const half = 'must be a text of whole characters: found "a\\ud800"';
  assertRefused("a\ud800", (v) => v.id(), RangeError, half);
});

Deno.test("JsonValue.boolean() takes true and false", () => {
  assertEquals([wrap(true).boolean(), wrap(false).boolean()], [true, false]);
  assertRefused(1, (v) => v.boolean(), TypeError, "must be true or false: found 1");
});

Deno.test("JsonValue.number() takes finite numbers of a range", () => {
  assertEquals(wrap(-0.5).number(), -0.5);
  const range = { above: 0, max: 1 };
  assertEquals([wrap(1).number(range), wrap(1e-9).number(range)], [1, 1e-9]);
  assertRefused("1", (v) => v.number(), TypeError, 'must be a finite number: found "1"');
  assertRefused(NaN, (v) => v.number(), RangeError, "must be a finite number: found NaN");
  const ranges: [number, Parameters<JsonValue["number"]>[0], string][] = [
    [0, { above: 0, max: 1 }, "in (0, 1]"],
    [1, { min: 0, below: 1 }, "in [0, 1)"],
    [2, { min: 0, max: 1 }, "in [0, 1]"],
    [0, { above: 0 }, "above 0"],
    [0, { min: 1 }, ">= 1"],
    [2, { max: 1 }, "<= 1"],
    [1, { below: 1 }, "below 1"],
    [Infinity, { min: 1 }, ">= 1"],
  ];
  for (const [value, range, text] of ranges) {
    const problem = `must be a number ${text}: found ${value}`;
    assertRefused(value, (v) => v.number(range), RangeError, problem);
  }
});

Deno.test("JsonValue.integer() and index() take whole numbers", () => {
  assertEquals([wrap(-3).integer(), wrap(2).integer({ min: 2, max: 2 })], [-3, 2]);
  assertEquals([wrap(0).index(3), wrap(2).index(3)], [0, 2]);
  assertRefused(0.5, (v) => v.integer(), RangeError, "must be a whole number: found 0.5");
  assertRefused(
    2 ** 53,
    (v) => v.integer(),
    RangeError,
    `must be a whole number: found ${2 ** 53}`,
  );
  assertRefused(
    "1",
    (v) => v.integer({ min: 1 }),
    TypeError,
    'must be a whole number >= 1: found "1"',
  );
  assertRefused(
    -1,
    (v) => v.index(3),
    RangeError,
    "must be a whole number in [0, 3): found -1",
  );
  assertRefused(
    3,
    (v) => v.index(3),
    RangeError,
    "must be a whole number in [0, 3): found 3",
    "indices count from 0",
  );
});

Deno.test("JsonValue.label() takes a name or an index", () => {
  const names = ["man", "horse"];
  assertEquals([wrap("horse").label(names), wrap(0).label(names)], [1, 0]);
  assertRefused(
    "hrose",
    (v) => v.label(names),
    RangeError,
    'must be a name of the vocabulary: found "hrose"',
    'the nearest is "horse"',
  );
  assertRefused(
    null,
    (v) => v.label(names),
    TypeError,
    "must be a whole number in [0, 2): found null",
  );
});

Deno.test("JsonValue.oneOf() takes one of a few texts", () => {
  const names = ["train", "test"] as const;
  assertEquals(wrap("test").oneOf(names), "test");
  const must = 'must be one of "train", "test": found';
  assertRefused(
    "trian",
    (v) => v.oneOf(names),
    RangeError,
    `${must} "trian"`,
    'the nearest is "train"',
  );
  assertRefused(1, (v) => v.oneOf(names), TypeError, `${must} 1`);
});

Deno.test("JsonValue.exactly() takes one text or number", () => {
  assertEquals([wrap(1).exactly(1), wrap("x").exactly("x")], [1, "x"]);
  assertRefused(2, (v) => v.exactly(1), RangeError, "must be 1: found 2");
  assertRefused("1", (v) => v.exactly(1), TypeError, 'must be 1: found "1"');
  assertRefused(
    "y",
    (v) => v.exactly("x", "try z"),
    RangeError,
    'must be "x": found "y"',
    "try z",
  );
});

Deno.test("JsonValue asks for no place while all is right", () => {
  const text = JSON.stringify({ boxes: [[0, 0, 1, 1]] });
  let asked = 0;
  class Counting extends JsonValue {
    override get path(): string {
      asked++;
      return super.path;
    }
  }
  const root = new Counting(JSON.parse(text), "f");
  for (const box of root.at("boxes").items(1)) box.numbers(4);
  assertEquals(asked, 0);
  assertThrows(() => root.at("boxes").items(2), TypeError, "boxes must be a list of 2");
  assertEquals(asked, 1);
});
