/** Which networks and datasets the study compares. */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { chooseAblationData } from "../../../src/study/ablation/ablation_data.ts";
import {
  armName,
  armsOf,
  controlOf,
  parseComparisons,
} from "../../../src/study/ablation/arms.ts";

Deno.test("armsOf() has every network once, each beside its control", () => {
  const sizes = [
    ["networks", 5],
    ["steps", 2 * 3],
    ["features", 2 * 2],
    // Control and gpi_linguistic with one step and default features are in all three.
    ["networks,steps,features", 5 + 4 + 2],
    ["grid", 5 * 3 * 2],
  ] as const;
  for (const [compared, count] of sizes) {
    const arms = armsOf(parseComparisons(compared)), names = arms.map(armName);
    assertEquals([names.length, new Set(names).size], [count, count], compared);
    for (const arm of arms) assertEquals(names.includes(armName(controlOf(arm))), true);
  }
});

Deno.test("parseComparisons() refuses what it does not know", () => {
  assertThrows(
    () => parseComparisons("networks,step"),
    RangeError,
    'Cannot compare "step" as it must be one of networks, steps, features, grid: the nearest is "steps"',
  );
});

Deno.test("chooseAblationData() refuses what it does not know, and says what makes the rest", async () => {
  await assertRejects(
    () => chooseAblationData("synthetic,vrd_rcn"),
    RangeError,
    'on "vrd_rcn" as it must be one of synthetic, vrd_rcnn, vg5k_rcnn_all, rs_mksgg: the nearest is "vrd_rcnn"',
  );
  const { chosen, leftOut } = await chooseAblationData();
  const names = [...chosen, ...leftOut].map(({ name }) => name).sort();
  assertEquals(names, ["rs_mksgg", "synthetic", "vg5k_rcnn_all", "vrd_rcnn"]);
  assertEquals(chosen.some(({ name }) => name === "synthetic"), true);
  for (const { name } of leftOut) {
    await assertRejects(
      () => chooseAblationData(name),
      RangeError,
      "deno task preprocess",
    );
  }
});
