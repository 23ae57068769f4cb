import { assertEquals } from "@std/assert";
import { escapeControls, showValue } from "../src/show_value.ts";

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

Deno.test("escapeControls() escapes what a terminal obeys and nobody sees", () => {
  assertEquals(
    escapeControls("\x1b[2J\r\n\x07\x7f\x9b"),
    "\\u{1b}[2J\\u{d}\\u{a}\\u{7}\\u{7f}\\u{9b}",
  );
  assertEquals(
    escapeControls("a\u202eb\u2028\u{e0041}"),
    "a\\u{202e}b\\u{2028}\\u{e0041}",
  );
  assertEquals(escapeControls("Grüße, 世界 😀"), "Grüße, 世界 😀");
});
