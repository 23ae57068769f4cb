import { assertThrows } from "@std/assert";
import { useBackend } from "../../src/kernels/backend.ts";
import { makeOutput } from "../../src/kernels/wasm_module.ts";

Deno.test("makeOutput() refuses a tensor that does not fit on the heap", async () => {
  // Twice, since the backend is already started the second time.
  for (let i = 0; i < 2; i++) {
    await useBackend("wasm");
    assertThrows(
      () => makeOutput([2 ** 30 - 1000]),
      RangeError,
      "Cannot allocate 4294963296 bytes as the heap of the WASM backend is full",
    );
  }
});
