import { assertEquals } from "@std/assert";
import { POWER } from "../../src/detect/centernet_output.ts";
import doubt from "../../src/preprocess/centernet_doubt.json" with { type: "json" };

Deno.test("CenterNet states the power that was measured of its beliefs", () => {
  assertEquals(POWER, doubt.power);
});
