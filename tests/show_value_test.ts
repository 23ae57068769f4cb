import { assertEquals } from "@std/assert";
import { showValue } from "../src/show_value.ts";

Deno.test("showValue() shows plain values as JSON", () => {
  assertEquals(showValue("a"), `"a"`);
  assertEquals(showValue(-0.5), "-0.5");
  assertEquals(showValue(NaN), "NaN");
  assertEquals(showValue(null), "null");
  assertEquals(showValue(undefined), "nothing");
  assertEquals(showValue([]), "[]");
  assertEquals(showValue([1, [2], { a: 3 }, undefined]), "[1,[...],{...},nothing]");
  assertEquals(showValue({ a: 1 }), "{...}");
});

Deno.test("showValue() stays short", () => {
  assertEquals(showValue("x".repeat(100)), `"${"x".repeat(56)}...`);
  assertEquals(showValue(Array(1e6).fill(1)).length, 60);
  const deep = JSON.parse("[".repeat(1e5) + "]".repeat(1e5));
  assertEquals(showValue(deep), "[[...]]");
});
