import { assertEquals } from "@std/assert";
import { testInFolder } from "../../_in_folder.ts";
import { runTask } from "../_run_script.ts";

const CASES = {
  "vg5k --nodes annotated":
    "Cannot use --nodes with --detections none: it must be rcnn, whose boxes are chosen",
  "vrd --detections rcnn --half 0 --nodes found":
    'Cannot use --nodes found with "vrd": it must be one of annotated, detections',
  "vrd --detections mixed":
    'Cannot use --detections mixed with "vrd": it must be one of none, rcnn',
};

testInFolder("preprocess refuses flags that a dataset does not have", async (cwd) => {
  for (const [words, problem] of Object.entries(CASES)) {
    const { code, stderr } = await runTask(cwd, "preprocess", ...words.split(" "));
    assertEquals([code, stderr], [2, `error: ${problem}\n`]);
  }
});
