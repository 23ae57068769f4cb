import { assert, assertEquals } from "@std/assert";
import { type RawImage, writeVg5k } from "../dataset/formats/_vg5k_writer.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const NAMES = { objects: ["man", "plane", "airplane"], predicates: ["on", "rid"] };

/** Two men who are both "on" a plane. */
const rawImage = (id: number): RawImage => ({
  path: `VG_100K/${id}.jpg`,
  objs: [
    { cls: 0, bbox: [0, 0, 50, 90] },
    { cls: 1, bbox: [40, 60, 200, 90] },
    { cls: 0, bbox: [300, 0, 340, 90] },
  ],
  rels: [{ sub: 0, obj: 1, pred: [0] }, { sub: 2, obj: 1, pred: [0] }],
  detections: { boxes: [[0, 0, 50, 80]], cls: [0], confs: [0.9] },
});

testInFolder(
  "label-predictors vg5k scores the counts alone, and the perceptron with them and without",
  async (cwd) => {
    const raw = `${cwd}/raw`;
    await Deno.mkdir(raw);
    await writeVg5k(raw, Array.from({ length: 160 }, (_, i) => rawImage(i)), NAMES);
    // In other images men ride planes.
    const counts = JSON.stringify({ "[0, 1, 1]": 1000 });
    await Deno.writeTextFile(`${raw}/tuples-counts_train.json`, counts);
    const { code, stdout, stderr } = await runTask(
      ...[cwd, "label-predictors", "vg5k", "--raw", raw] as const,
      ...["--seeds", "1", "--json", "--quiet"],
    );
    assertEquals(code, 0, stderr);
    const rows = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(rows.length, 4 * 3 * 3); // metrics, K, baselines
    const baseline = (name: string, metric: string) =>
      rows.find((row) => row.baseline_name === name && row.metric === metric).baseline;
    // One predicate a pair is allowed: the counts name the wrong one, which was never
    // annotated here.
    assertEquals(baseline("counts", "R"), 0);
    assertEquals(baseline("counts", "ngR"), 1);
    assertEquals(baseline("frequency", "R"), 1);
    assert(rows.every((row) => row.model === "perceptron" && row.dataset === "vg5k"));
    assertEquals(
      new Set(rows.map((row) => row.baseline_name)),
      new Set(["frequency", "counts", "perceptron_without_counts"]),
    );
  },
);
