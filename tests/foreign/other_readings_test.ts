import { assertEquals } from "@std/assert";
import { assumptionText, OtherReadings } from "../../src/foreign/other_readings.ts";

const LANDSCAPE = { width: 100, height: 50 };

Deno.test("OtherReadings lists what small boxes in the middle could be as well", () => {
  const others = new OtherReadings();
  // Centre (20, 20), 10 wide, 8 high. As corners it would end before it begins.
  others.add([20, 20, 10, 8], "centres", LANDSCAPE, 1);
  assertEquals(others.list(), ["swappedSizes", "sizes"]);
});

Deno.test("OtherReadings leaves out what the boxes rule out", () => {
  const others = new OtherReadings();
  // It ends at 95 across, beyond a height of 50; as sizes it would end at 120.
  others.add([70, 20, 50, 8], "centres", LANDSCAPE, 1);
  assertEquals(others.list(), []);
  // Of 20 boxes one may be odd: 5 %. Of 19 it is more.
  const mostly = (count: number) => {
    const some = new OtherReadings();
    some.add([70, 20, 50, 8], "centres", LANDSCAPE, 1);
    for (let i = 1; i < count; i++) some.add([20, 20, 10, 8], "centres", LANDSCAPE, 1);
    return some.list();
  };
  assertEquals(mostly(19), []);
  assertEquals(mostly(20), ["swappedSizes", "sizes"]);
});

Deno.test("OtherReadings scales boxes, and asks squares nothing about swapped sizes", () => {
  const others = new OtherReadings();
  others.add([40, 40, 20, 16], "centres", { width: 50, height: 50 }, 0.5);
  assertEquals(others.list(), ["sizes"]);
  assertEquals(new OtherReadings().list(), []);
});

Deno.test("assumptionText() names the options that change a reading", () => {
  assertEquals(assumptionText("centres", []), undefined);
  assertEquals(
    assumptionText("centres", ["swappedSizes", "sizes"]),
    "boxes were read as [centre x, centre y, width, height] in images of the listed sizes; they fit with width and height of the images swapped (--swap-sizes) and as [left, top, width, height] (--box-form sizes), too, and nothing tells which is meant",
  );
});
