import { assertThrows } from "@std/assert";
import { useBackend } from "../../src/kernels/backend.ts";
import { makeOutput } from "../../src/kernels/wasm_module.ts";

Deno.test("makeOutput() refuses what the heap has no room for", async () => {
  // Twice, since the second time the backend has been started already.
  for (let i = 0; i < 2; i++) {
    await useBackend("wasm");
    assertThrows(
      () => makeOutput([2 ** 30 - 1000]),
      RangeError,
      "Cannot allocate 4294963296 bytes as the heap of the WASM backend is full",
    );
  }
});
