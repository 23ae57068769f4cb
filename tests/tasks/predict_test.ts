import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Entity } from "../../src/scene_graph.ts";
import { inFolder } from "../_in_folder.ts";
import { ROOT, runTask } from "./_run_script.ts";
import { testTasks } from "../_task_host.ts";

const IMAGE = {
  imageWidth: 200,
  imageHeight: 100,
  boxes: [[0, 0, 200, 100], [20, 20, 80, 90]],
  entityLabels: ["grass", "dog"],
  entityScores: [0.9, 0.6],
};

testTasks("predict prints the labels that context changed, then relations", async () => {
  const model = ["--checkpoint", "gpi_linguistic_pretrained", "--backend", "wasm"];
  const args = ["examples/boxes.json", "--k", "2", ...model];
  const { stdout } = await runTask(ROOT, "predict", ...args);
  // examples/README.md says what is true: grass, a tree and a truck.
  assertEquals(stdout.replace(/[01]\.\d+/g, "#").trimEnd().split("\n"), [
    "0 grass # (detector: street #)",
    "1 tree # (detector: palm tree #)",
    "4 truck # (detector: bus #)",
    "#  truck driving on grass  (4 -> 0)",
    "#  elephant walking on grass  (2 -> 0)",
  ]);
});

Deno.test("preprocess, train and predict work in an empty folder", async (t) => {
  await inFolder((folder) => predictIn(folder, t));
});

/** Makes a dataset and a model in an empty folder, and predicts by it. */
async function predictIn(folder: string, t: Deno.TestContext): Promise<void> {
  const run = (name: string, ...args: string[]) => runTask(folder, name, ...args);
  const images = ["--train-images", "20", "--validation-images", "4", "--test-images"];
  const graphOf = async (...args: string[]) => {
    const model = ["--checkpoint", "gpi_mean_best", "--backend", "wasm", "--json"];
    const { code, stdout, stderr } = await run(
      "predict",
      "image.json",
      ...model,
      ...args,
    );
    assertEquals([code, stderr], [0, ""]);
    return JSON.parse(stdout);
  };
  await Deno.writeTextFile(`${folder}/image.json`, JSON.stringify(IMAGE));

  await t.step("preprocess generates the built-in dataset, once", async () => {
    const first = await run("preprocess", ...images, "4", "--json");
    assertEquals(JSON.parse(first.stdout), {
      dataset: "synthetic",
      folder: "data/processed/synthetic",
      made: true,
      train: 20,
      validation: 4,
      test: 4,
    });
    assertEquals(first.stderr, "");
    const manifest = await Deno.readTextFile(
      `${folder}/data/processed/synthetic/manifest.json`,
    );
    assertEquals(
      JSON.parse(manifest).command,
      "deno task preprocess synthetic --train-images 20 --validation-images 4 --test-images 4",
    );
    const again = await run("preprocess", ...images, "4");
    assertEquals(
      again.stdout,
      "data/processed/synthetic: 20 train, 4 validation, 4 test images, made before\n",
    );
  });

  await t.step("train saves a checkpoint", async () => {
    const { code, stdout, stderr } = await run(
      "train",
      ...["gpi_mean", "--epochs", "1", "--hidden", "8", "--layers", "8"],
      ...["--backend", "wasm", "--deterministic", "--json"],
    );
    assertEquals([code, stderr], [0, ""]);
    const last = stdout.trimEnd().split("\n").at(-1)!; // after the lines of epochs
    assertEquals(JSON.parse(last).backend, "wasm (plain SIMD)");
  });

  await t.step("predict prints the best K relations as JSON", async () => {
    const graph = await graphOf("--k", "1");
    assertEquals(graph.entities.length, 2);
    assertEquals(graph.entities[1].box, [20, 20, 80, 90]);
    assertEquals(graph.relations.length, 1);
    type Entity = { given: { label: string } };
    assertEquals(graph.entities.map(({ given }: Entity) => given.label), [
      "grass",
      "dog",
    ]);
    assertEquals(await graphOf("--k", "1"), graph);
  });

  await t.step(
    "predict --threshold leaves out relations of a lower score",
    async () => {
      const scoresOf = async (threshold: string) =>
        (await graphOf("--threshold", threshold)).relations
          .map(({ score }: { score: number }) => score);
      const all: number[] = await scoresOf("0");
      assert(all[0] > all[1], `${all}`);
      assertEquals(await scoresOf(`${(all[0] + all[1]) / 2}`), all.slice(0, 1));
      assertEquals(await scoresOf("1"), []);
      // The run has just been trained, so it is calibrated.
      const best: number[] = await scoresOf("best-f1");
      assertEquals(best, all.slice(0, best.length));
    },
  );

  await t.step("predict prints relations in words", async () => {
    const model = ["--checkpoint", "gpi_mean_best", "--backend", "wasm"];
    // A network that has learned little may give less than the least score.
    const all = ["--threshold", "0"];
    const { stdout, stderr } = await run("predict", "image.json", ...model, ...all);
    assert(/^Backend: wasm \((relaxed|plain) SIMD\)\n$/.test(stderr), stderr);
    const relations = stdout.match(/^0\.\d{3} {2}.+ {2}\(\d -> \d\)$/gm);
    assertEquals(relations?.length, 2);
  });

  await t.step("predict --no-context prints what it was told", async () => {
    const graph = await graphOf("--no-context");
    const told = graph.entities.map(({ label, score }: Entity) => [
      label,
      score.toFixed(2),
    ]);
    assertEquals(told, [["grass", "0.90"], ["dog", "0.60"]]);
  });

  await t.step("predict writes drawings and graphs", async () => {
    // Only the bytes matter here, as nothing decodes the picture.
    await Deno.writeTextFile(`${folder}/dot.gif`, "GIF89a");
    const outputs = ["svg", "graph-svg", "dot", "json-ld"];
    const flags = outputs.flatMap((name) => [`--${name}`, `out/${name}.txt`]);
    await graphOf(...flags, "--image", "dot.gif", "--threshold", "0");
    const read = (name: string) => Deno.readTextFile(`${folder}/out/${name}.txt`);
    assertStringIncludes(await read("svg"), 'href="data:image/gif;base64,R0lGODlh"');
    assert((await read("graph-svg")).startsWith("<svg"));
    assert((await read("dot")).startsWith("digraph"));
    assertEquals(JSON.parse(await read("json-ld"))["@graph"].length, 4);
  });

  await Deno.writeTextFile(`${folder}/notes.txt`, "a dog");
  await Deno.writeTextFile(`${folder}/empty.jpg`, "");
  await Deno.writeTextFile(`${folder}/drawing.svg`, "<svg/>");
  const refusals: [name: string, args: string[], message: string][] = [
    [
      "a model by a wrong name",
      ["image.json", "--checkpoint", "gpi_meen"],
      'Cannot find the checkpoint "checkpoints/gpi_meen.safetensors": the nearest existing one is "gpi_mean"',
    ],
    [
      "a picture of an unknown kind",
      ["image.json", "--image", "image.json"],
      'Cannot draw over "image.json": it must be a picture in JPEG, PNG, WebP, GIF, AVIF or SVG: found a JSON file',
    ],
    [
      "a file that is neither a photograph nor JSON",
      ["notes.txt"],
      `Cannot read "notes.txt" as it must be a photograph (JPEG, PNG or WebP), or detections as JSON, XML, CSV or YOLO's lines: its first bytes are of no known kind; check the path`,
    ],
    [
      "an empty file",
      ["empty.jpg"],
      `Cannot read "empty.jpg" as it must be a photograph (JPEG, PNG or WebP), or detections as JSON, XML, CSV or YOLO's lines: it looks like an empty file; download or write it again`,
    ],
    [
      "a drawing",
      ["drawing.svg"],
      'Cannot decode "drawing.svg" as it must be a JPEG, PNG or WebP image: it looks like an SVG image; save it as one of these',
    ],
    [
      "a file that is not there",
      ["nothing.json"],
      'Cannot read "nothing.json" as there is no such file; check the path',
    ],
  ];
  for (const [name, args, message] of refusals) {
    await t.step(`predict refuses ${name}`, async () => {
      assertEquals(await run("predict", ...args), {
        code: 1,
        stdout: "",
        stderr: `error: ${message}\n`,
      });
    });
  }

  await t.step("predict leaves no file behind after an error", () => {
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, [
      "checkpoints",
      "data",
      "dot.gif",
      "drawing.svg",
      "empty.jpg",
      "image.json",
      "notes.txt",
      "out",
    ]);
  });
}
