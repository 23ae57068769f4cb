import { assertEquals, assertStringIncludes } from "@std/assert";
import { DatasetWriter } from "../../src/dataset/dataset.ts";
import { DATA, isMissing } from "../_fixtures.ts";
import { inFolder, testInFolder } from "../_in_folder.ts";
import { imageOf } from "../eval/_toy.ts";
import { runTask } from "./_run_script.ts";

/** The text with columns separated by single spaces. */
const squeeze = (text: string) => text.replace(/ +/g, " ");

/** Three test images of a man and a hat: "man wearing hat", then "hat on man". */
async function writeToy(folder: string): Promise<void> {
  const writer = await DatasetWriter.create(`${folder}/toy`, {
    name: "toy",
    vocabulary: { entities: ["man", "hat"], predicates: ["on", "wearing"] },
    labelPredictor: { name: "none", simulated: false },
    source: "by hand",
    licence: "none",
    command: "none",
    inputsHash: "0",
  });
  const logits = {
    entityLogits: new Float32Array(4),
    relationLogits: new Float32Array(12),
  };
  for (const id of ["a", "b", "c"]) {
    const image = imageOf([0, 1], [[0, 1, 1], [1, 0, 0]], { id });
    await writer.add("test", { ...image, ...logits });
  }
  const seen = imageOf([0, 1], [[0, 1, 1]], { id: "d" });
  await writer.add("train", { ...seen, ...logits });
  await writer.close();
}

/** Everything right. */
const RIGHT = `[[0,1,"wearing",0.9],[1,0,"on",0.5]]`;
/** The second relation alone. */
const HALF = `[[0,1,"on",0.9],[1,0,"on",0.5]]`;

async function writePredictions(path: string, ...relations: string[]): Promise<void> {
  const header = `{"format":"scene-graph-predictions","version":1,"task":"predcls"}`;
  const lines = relations.map((rows, i) => `{"id":"${"abc"[i]}","relations":${rows}}`);
  await Deno.writeTextFile(path, [header, ...lines].join("\n"));
}

testInFolder("score prints metrics, their intervals and the protocol", async (folder) => {
  await writeToy(folder);
  await writePredictions(`${folder}/mine.jsonl`, RIGHT, HALF, RIGHT);
  const { code, stdout, stderr } = await runTask(
    folder,
    ...["score", "mine.jsonl", "toy", "--quiet", "--k", "20"],
    "--metrics",
    "R,mR,zR,sR",
    "--per-predicate",
  );
  assertEquals([code, stderr], [0, ""]);
  // 5 of 6; "wearing" 2 of 3, "on" 3 of 3; "hat on man" is not in training.
  for (
    const line of [
      "task protocol metric mine 95 % interval images",
      "predcls motifs R@20 83.33 [50.00, 100.00] 3",
      "predcls motifs mR@20 83.33 [50.00, 100.00] 3",
      "predcls motifs zR@20 100.00 [100.00, 100.00] 3",
      "predcls motifs sR@20 66.67 [0.00, 100.00] 3",
      "on R 20 3 3 3 100.00",
      "wearing R 20 3 3 2 66.67",
      "motifs: background=sliced, candidatePairs=all",
    ]
  ) assertStringIncludes(squeeze(stdout), line);
});

testInFolder("score --json prints exactly the agreed fields", async (folder) => {
  await writeToy(folder);
  await writePredictions(`${folder}/mine.jsonl`, RIGHT, RIGHT, RIGHT);
  const { stdout } = await runTask(
    folder,
    ...["score", "mine.jsonl", `${folder}/toy`, "--json", "--k", "1"],
    "--metrics",
    "R",
    "--task",
    "predcls",
  );
  const common = { dataset: "toy", split: "test", model: "mine", task: "predcls" };
  assertEquals(JSON.parse(stdout), {
    ...common,
    protocol: "motifs",
    metric: "R",
    k: 1,
    value: 0.5,
    baseline: null,
    baseline_name: null,
    difference: null,
    low: 0.5,
    high: 0.5,
    images: 3,
    p: null,
    deviation: null,
  });
});

testInFolder(
  "score warns with the values that the original program prints",
  async (folder) => {
    await writeToy(folder);
    const several = `[[0,1,"on",80],[0,1,"wearing",70]]`;
    await writePredictions(`${folder}/mine.jsonl`, several, several);
    const args = ["mine.jsonl", "toy", "--quiet", "--k", "20", "--metrics", "R"];
    const { code, stdout, stderr } = await runTask(
      folder,
      "score",
      ...args,
      "--missing",
      "skip",
    );
    assertEquals(code, 0);
    assertStringIncludes(squeeze(stdout), "R@20 0.00 [0.00, 0.00] 2");
    assertStringIncludes(
      stderr,
      "warning: 1 of 3 images have no prediction: left out, but motifs counts them as 0",
    );
    assertStringIncludes(
      stderr,
      "warning: The original program of motifs would have printed R@20 50.00 for these lists",
    );
    assertStringIncludes(stderr, "warning: Scores are above 1, up to 80 (2 images");
    const empty = await runTask(folder, "score", ...args, "--missing", "empty");
    assertStringIncludes(empty.stderr, "have no prediction: motifs counts them as 0");
  },
);

testInFolder("score ends with 1 and one line for bad input", async (folder) => {
  await writeToy(folder);
  await writePredictions(`${folder}/mine.jsonl`, RIGHT);
  for (
    const [args, message] of [
      [
        ["no.jsonl", "toy"],
        'error: Cannot find the predictions "no.jsonl": there is no such file; check the path\n',
      ],
      [["mine.jsonl", "toys"], 'error: Cannot find the dataset "toys"'],
      [
        ["mine.jsonl", "toy"],
        "error: Cannot score all images as 2 of 3 have no prediction",
      ],
      [["mine.jsonl", "toy", "--metrics", "x"], 'error: Cannot find the metric "x"'],
      [["mine.jsonl", "toy", "--protocol", "x"], 'error: Cannot find the protocol "x"'],
    ] as const
  ) {
    const { code, stdout, stderr } = await runTask(folder, "score", ...args, "--quiet");
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, message);
    assertEquals(stderr.trimEnd().split("\n").length, 1);
  }
});

testInFolder("score reads a list of zero-shot triplets", async (folder) => {
  await writeToy(folder);
  await writePredictions(`${folder}/mine.jsonl`, HALF, HALF, HALF);
  // "man wearing hat", in the order subject, object, predicate.
  await Deno.writeTextFile(`${folder}/list.json`, "[[0,1,1]]");
  const args = ["mine.jsonl", "toy", "--json", "--k", "20", "--metrics", "zR"];
  const fromFile = await runTask(folder, "score", ...args, "--zero-shot", "list.json");
  assertEquals(JSON.parse(fromFile.stdout).value, 0);
  assertEquals(JSON.parse((await runTask(folder, "score", ...args)).stdout).value, 1);
});

const pytorch = `${DATA}/vg150-metadata/zeroshot_triplet.pytorch`;
Deno.test({
  name: "score reads KaihuaTang's list of zero-shot triplets",
  ignore: isMissing(pytorch),
  fn: async () => {
    await inFolder(async (folder) => {
      await writeToy(folder);
      await writePredictions(`${folder}/mine.jsonl`, RIGHT, RIGHT, RIGHT);
      const args = ["mine.jsonl", "toy", "--json", "--k", "20", "--metrics", "zR"];
      const { code, stdout } = await runTask(
        folder,
        "score",
        ...args,
        "--zero-shot",
        pytorch,
      );
      // Its triplets of our four classes: none is "man wearing hat" or "hat on man".
      assertEquals([code, JSON.parse(stdout).images], [0, 0]);
    });
  },
});

testInFolder("compare prints the paired difference and the images", async (folder) => {
  await writeToy(folder);
  await writePredictions(`${folder}/mine.jsonl`, RIGHT, RIGHT, RIGHT);
  await writePredictions(`${folder}/theirs.jsonl`, RIGHT, HALF, RIGHT);
  const args = ["mine.jsonl", "theirs.jsonl", "--dataset", "toy", "--quiet", "--k", "20"];
  const { code, stdout, stderr } = await runTask(
    folder,
    "compare",
    ...args,
    "--metrics",
    "R",
  );
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(squeeze(stdout), "R@20 100.00 theirs 83.33 +16.67 [");
  assertStringIncludes(stdout, "Images that differ most in R@20:");
  assertStringIncludes(squeeze(stdout), "b 2 1 2\n");
  const json = await runTask(folder, "compare", ...args, "--metrics", "R", "--json");
  const [row, image] = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals([row.model, row.baseline_name, row.value], ["mine", "theirs", 1]);
  assertEquals(image, { metric: "R", k: 20, image: "b", a: 2, b: 1, rows: 2 });
});

testInFolder("compare takes the label predictor by its name", async (folder) => {
  await writeToy(folder);
  await writePredictions(`${folder}/mine.jsonl`, RIGHT, RIGHT, RIGHT);
  const { code, stdout } = await runTask(
    folder,
    ...["compare", "mine.jsonl", "label_predictor", "--dataset", "toy"],
    ...["--json", "--k", "20", "--metrics", "R", "--images", "0"],
  );
  const { task, value, baseline_name, baseline } = JSON.parse(stdout);
  // All logits are zero: of equal predicates the first, "on", right for "hat on man".
  const found = [code, task, value, baseline_name, baseline];
  assertEquals(found, [0, "predcls", 1, "label_predictor", 0.5]);
});
