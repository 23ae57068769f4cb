/** Which networks and datasets the study compares. */

import { assertEquals, assertRejects } from "@std/assert";
import { chooseAblationData } from "../../../src/study/ablation/ablation_data.ts";
import { armName, armsOf, controlOf } from "../../../src/study/ablation/arms.ts";

Deno.test("armsOf() has every network once, each beside its control", () => {
  for (const [isGrid, count] of [[false, 11], [true, 5 * 3 * 2]] as const) {
    const names = armsOf(isGrid).map(armName);
    assertEquals([names.length, new Set(names).size], [count, count]);
    for (const arm of armsOf(isGrid)) {
      assertEquals(names.includes(armName(controlOf(arm))), true);
    }
  }
});

Deno.test("chooseAblationData() refuses what it does not know, and says what makes the rest", async () => {
  await assertRejects(
    () => chooseAblationData("synthetic,vrd_rcn"),
    RangeError,
    'on "vrd_rcn" as it must be one of synthetic, vrd_rcnn, vg5k_rcnn, rs_mksgg: the nearest is "vrd_rcnn"',
  );
  const { chosen, leftOut } = await chooseAblationData();
  const names = [...chosen, ...leftOut].map(({ name }) => name).sort();
  assertEquals(names, ["rs_mksgg", "synthetic", "vg5k_rcnn", "vrd_rcnn"]);
  assertEquals(chosen.some(({ name }) => name === "synthetic"), true);
  for (const { name } of leftOut) {
    await assertRejects(
      () => chooseAblationData(name),
      RangeError,
      "deno task preprocess",
    );
  }
});
