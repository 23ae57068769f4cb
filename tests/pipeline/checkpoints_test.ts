import { assertEquals } from "@std/assert";
import { checkpointPath } from "../../src/pipeline/checkpoints.ts";

Deno.test("checkpointPath() tells names from paths, those of Windows too", () => {
  assertEquals(checkpointPath("mine"), "checkpoints/mine.safetensors");
  for (const path of ["a.safetensors", "b/mine", "C:\\b\\mine", ".\\mine"]) {
    assertEquals(checkpointPath(path), path);
  }
});
