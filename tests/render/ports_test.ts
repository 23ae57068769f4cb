import { assertEquals } from "@std/assert";
import { joinAtPorts } from "../../src/render/_ports.ts";

const node = (x: number, y: number) => ({ x, y, width: 30, height: 10 });

Deno.test("joinAtPorts() puts the ends at a side in the order of where arrows come from", () => {
  const [left, right, below] = [node(0, 0), node(100, 0), node(50, 100)];
  const lines = joinAtPorts([
    { from: right, to: below, between: [[90, 50]] },
    { from: left, to: below, between: [[20, 50]] },
  ]);
  // Two ends divide the top of the node below, 50 to 80, in three; one end is in the middle.
  assertEquals(lines, [
    [[115, 10], [90, 50], [70, 100]],
    [[15, 10], [20, 50], [60, 100]],
  ]);
});

Deno.test("joinAtPorts() leaves at the top towards a node above", () => {
  const [above, below] = [node(0, 0), node(0, 100)];
  const lines = joinAtPorts([
    { from: below, to: above, between: [[40, 50]] },
    { from: above, to: below, between: [[-10, 50]] },
  ]);
  assertEquals(lines, [
    [[20, 100], [40, 50], [20, 10]],
    [[10, 10], [-10, 50], [10, 100]],
  ]);
});

Deno.test("joinAtPorts() joins nodes with nothing between", () => {
  assertEquals(joinAtPorts([{ from: node(0, 0), to: node(60, 50), between: [] }]), [
    [[15, 10], [75, 50]],
  ]);
});
