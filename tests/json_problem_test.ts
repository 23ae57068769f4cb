import { assertEquals, assertThrows } from "@std/assert";
import { placeOf, throwKindAs, throwProblem } from "../src/json_problem.ts";
import { JsonValue, parseJson } from "../src/json_value.ts";

Deno.test("throwProblem() says it of the whole file, and keeps the cause", () => {
  const cause = new Error("inner");
  const problem = { name: "x", path: "", problem: "is wrong", ErrorClass: TypeError };
  const error = assertThrows(
    () => throwProblem({ ...problem, cause }),
    TypeError,
    "Cannot use x: it is wrong",
  );
  assertEquals(error.cause, cause);
});

Deno.test("throwKindAs() changes the error of a wrong kind and no other", () => {
  const value = (json: string) => parseJson(json, "x", throwKindAs(RangeError));
  assertThrows(() => value('"a"').number(), RangeError, "Cannot use x: it must be a");
  assertThrows(() => value("{"), SyntaxError, "Cannot read x: it is not JSON");
  const form = new JsonValue([3], "x", throwKindAs(SyntaxError));
  assertThrows(() => form.object(), SyntaxError, "Cannot read x: it must be an object");
  assertThrows(() => form.at(0).index(2), RangeError, "Cannot use x: [0] must be a");
});

Deno.test("placeOf() joins what there is", () => {
  assertEquals(placeOf("line 3", "boxes[1]"), "line 3: boxes[1]");
  assertEquals([placeOf("line 3", ""), placeOf("", "a"), placeOf("", "")], [
    "line 3",
    "a",
    "",
  ]);
});
