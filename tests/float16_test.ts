import { assertEquals } from "@std/assert";
import { Float16, widened } from "../src/float16.ts";

Deno.test("widened() converts every number of 16 bits as the engine does", () => {
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  assertEquals(Float16, Float16Array);
  assertEquals([...widened(bits)], [...new Float16Array(bits.buffer)]);
});

Deno.test("widened() reads a part of a buffer", () => {
  const { buffer } = Float16Array.of(1, -2, 0.1, 65504);
  // 0.1 is 0x2e66: 1638 / 1024 * 2^-4.
  assertEquals([...widened(new Uint16Array(buffer, 2, 2))], [-2, 1638 / 1024 / 16]);
});

Deno.test("Float16 holds the bytes in an engine without Float16Array", async () => {
  const own = globalThis.Float16Array;
  try {
    Reflect.deleteProperty(globalThis, "Float16Array");
    const url = "../src/float16.ts?without"; // a module of its own, read anew
    const { Float16, widened } = await import(url) as typeof import("../src/float16.ts");
    const { buffer } = Uint16Array.of(0, 0x3c00, 0xc000);
    const halves = new Float16(buffer, 2, 2);
    assertEquals([halves.length, Float16.name], [2, "Float16Array"]);
    assertEquals([...widened(halves)], [1, -2]);
  } finally {
    globalThis.Float16Array = own;
  }
});
