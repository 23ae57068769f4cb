/** What `score` prints and writes beside the table. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { DatasetWriter } from "../../src/dataset/dataset.ts";
import { imageOf } from "../eval/_toy.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const score = (cwd: string, ...args: string[]) => runTask(cwd, "score", ...args);

/** Two test images of a man and a hat: "man wearing hat". */
async function writeToy(folder: string, source = "by hand"): Promise<void> {
  const writer = await DatasetWriter.create(`${folder}/toy`, {
    name: "toy",
    vocabulary: { entities: ["man", "hat"], predicates: ["on", "wearing"] },
    labelPredictor: { name: "none", simulated: false },
    source,
    licence: "none",
    command: "none",
    inputsHash: "0",
  });
  const logits = {
    entityLogits: new Float32Array(4),
    relationLogits: new Float32Array(12),
  };
  for (const id of ["a", "b"]) {
    await writer.add("test", { ...imageOf([0, 1], [[0, 1, 1]], { id }), ...logits });
  }
  await writer.close();
  const relations = [`[[0,1,"wearing",0.9],[1,0,"on",0.5]]`, `[[0,1,"on",0.4]]`];
  const lines = relations.map((rows, i) =>
    `{"id":"${"ab"[i]}","labels":["man","hat"],"relations":${rows}}`
  );
  await Deno.writeTextFile(`${folder}/mine.jsonl`, lines.join("\n"));
}

testInFolder(
  "score says which task and protocol it took without being told",
  async (folder) => {
    await writeToy(folder);
    const { code, stdout, stderr } = await score(folder, "mine.jsonl", "toy", "--quiet");
    assertEquals(code, 0);
    assertEquals(
      stderr,
      'warning: The predictions "mine.jsonl" do not say which task they are of: scored as sgcls; name it by "task" in the first line of the file, or by --task\n',
    );
    assertStringIncludes(
      stdout,
      "Protocols by default, others by --protocol: motifs for sgcls.\nmotifs: ",
    );
    const preddet = ["mine.jsonl", "toy", "--quiet", "--task", "preddet"];
    const { stdout: named } = await score(folder, ...preddet, "--protocol", "motifs");
    assertStringIncludes(
      named,
      "neural-motifs prints preddet without graph constraint: its numbers are ngR here.",
    );
    assertEquals(named.includes("by default"), false);
  },
);

testInFolder("score takes the protocol vrd on VRD", async (folder) => {
  await writeToy(folder, "Visual Relationship Detection, Stanford");
  const { stdout } = await score(folder, "mine.jsonl", "toy", "--quiet");
  assertStringIncludes(stdout, "by --protocol: vrd for sgcls.");
});

testInFolder("score writes what it found in each image", async (folder) => {
  await writeToy(folder);
  const flags = ["--task", "predcls", "--metrics", "R", "--k", "1,20", "--json"];
  const path = "out/images.jsonl";
  const { code } = await score(
    folder,
    "mine.jsonl",
    "toy",
    ...flags,
    "--per-image",
    path,
  );
  assertEquals(code, 0);
  const lines = (await Deno.readTextFile(`${folder}/${path}`)).trimEnd().split("\n");
  const common = { system: "mine", task: "predcls", protocol: "motifs", isScored: true };
  const triplet = ["man", "wearing", "hat"];
  const hits = (count: number) =>
    [1, 20].map((k) => ({ metric: "R", k, hits: count, rows: 1 }));
  assertEquals(lines.map((line) => JSON.parse(line)), [
    {
      image: "a",
      ...common,
      hits: hits(1),
      triplets: [{ subject: 0, object: 1, triplet, ranks: { R: 1 } }],
      missed: [],
    },
    {
      image: "b",
      ...common,
      hits: hits(0),
      triplets: [{ subject: 0, object: 1, triplet, ranks: { R: null } }],
      missed: [triplet],
    },
  ]);
  const cut = await score(folder, "mine.jsonl", "toy", ...flags, "--threshold", "0.95");
  assertEquals(JSON.parse(cut.stdout.split("\n")[1]).value, 0);
});

testInFolder(
  "score --order prints the entities that predictions index",
  async (folder) => {
    await writeToy(folder);
    const { code, stdout } = await score(folder, "--order", "toy", "--limit", "1");
    assertEquals(code, 0);
    assertEquals(JSON.parse(stdout), {
      id: "a",
      width: 1e4,
      height: 1e4,
      labels: ["man", "hat"],
      boxes: [[0, 0, 9, 9], [100, 0, 109, 9]],
      pairs: [[0, 1]],
    });
    const named = await score(folder, "new.jsonl", "toy", "--order", "--limit", "1");
    assertEquals(named.stdout, stdout);
    // Its lines are predictions, but for the relations.
    await Deno.writeTextFile(
      `${folder}/new.jsonl`,
      (await score(folder, "--order", "toy")).stdout.replaceAll(
        '"pairs":[[0,1]]',
        '"relations":[[0,1,"wearing",1]]',
      ),
    );
    const flags = ["--task", "predcls", "--metrics", "R", "--k", "1", "--json"];
    const scored = await score(folder, "new.jsonl", "toy", ...flags);
    assertEquals(JSON.parse(scored.stdout).value, 1);
  },
);

testInFolder(
  "score ends with 2 without a system or a dataset, or for an odd size",
  async (folder) => {
    await writeToy(folder);
    for (
      const [args, missing] of [[[], "system"], [["x.jsonl"], "dataset"], [
        ["--order"],
        "dataset",
      ]] as const
    ) {
      const { code, stderr } = await score(folder, ...args);
      assertEquals(code, 2);
      const message = `Cannot run "score" without <${missing}>`;
      assertStringIncludes(stderr, `\nerror: ${message}; see "deno task score --help"\n`);
    }
    const { code, stderr } = await score(
      folder,
      "mine.jsonl",
      "toy",
      "--test-size",
      "800",
    );
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      "Cannot use --test-size: it must be the shorter side and the limit of the longer one, such as 600,1000: found",
    );
  },
);
