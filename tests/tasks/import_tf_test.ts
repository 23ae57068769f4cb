import { assertEquals, assertStringIncludes } from "@std/assert";
import { PRESETS, VARIANTS } from "../../src/config.ts";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { PUBLISHED_CONFIG } from "../../src/checkpoint/_published_variables.ts";
import { pickledRows } from "../io/pickle/_python2_pickle.ts";
import { type TensorToWrite, writeBundle } from "../io/tensorflow/_bundle_writer.ts";
import { CASES, type ParityCase, readCase } from "../model/_parity.ts";
import { testInFolder } from "../_in_folder.ts";
import { smallCheckpoint, smallCheckpointBytes } from "../_samples.ts";
import { runTask } from "./_run_script.ts";

const run = (cwd: string, ...args: string[]) => runTask(cwd, "import-tf", ...args);

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytesOf = (data: ArrayBufferView) =>
  new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);

type Tensors = Map<string, TensorToWrite>;

/** The parameters of a parity case as the published program saves them. */
function tensorsOf({ parameters, tensors }: ParityCase): Tensors {
  const saved: Tensors = new Map();
  for (const [name, data] of parameters) {
    const shape = [...tensors.get(`param/${name}`)!.shape];
    saved.set(name, { dtype: 1, shape, bytes: bytesOf(data), shard: saved.size % 2 });
    saved.set(`${name}/Adam`, { dtype: 1, shape, bytes: bytesOf(data) });
  }
  saved.set("global_step", { dtype: 9, shape: [], bytes: bytesOf(BigInt64Array.of(7n)) });
  return saved;
}

async function save(cwd: string, tensors: Tensors): Promise<void> {
  const files = writeBundle(
    Array.from(tensors, ([name, tensor]) => [utf8(name), tensor]),
    { shards: 2, rowsPerBlock: 5, snappy: true },
  );
  for (const [end, bytes] of Object.entries(files)) {
    await Deno.writeFile(`${cwd}/model.ckpt${end}`, bytes);
  }
}

async function saveWords(folder: string, { words }: ParityCase): Promise<void> {
  if (words === undefined) return;
  const { entities, relations, size } = words;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/object_embeddings.p`, pickledRows(entities, size));
  await Deno.writeTextFile(
    `${folder}/predicate_embeddings.p`,
    pickledRows(relations.subarray(0, -size), size),
  );
}

for (const name of CASES.filter((name) => name.startsWith("small_"))) {
  testInFolder(`import-tf converts ${name}`, async (cwd) => {
    const parity = await readCase(name);
    await save(cwd, tensorsOf(parity));
    await saveWords(`${cwd}/LanguageModule`, parity);
    const { config } = parity;
    const args = ["model.ckpt", "--steps", String(config.steps), "--json"];
    const { code, stdout, stderr } = await run(cwd, ...args);
    assertEquals([code, stderr], [0, ""]);
    const path = "checkpoints/gpi_linguistic_published.safetensors";
    const printed = JSON.parse(stdout);
    assertEquals([printed.path, printed.variables], [path, parity.parameters.size]);
    assertEquals(printed.extra.length, parity.parameters.size + 1);
    const checkpoint = decodeCheckpoint(await Deno.readFile(`${cwd}/${path}`), path);
    const { words: hasWords } = VARIANTS[config.variant];
    assertEquals(checkpoint.config, {
      ...config,
      layers: [...config.layers],
      embeddingSize: hasWords ? config.embeddingSize : 0,
    });
    assertEquals(checkpoint.words, hasWords ? parity.words : undefined);
    for (const [name, data] of parity.parameters) {
      assertEquals(checkpoint.parameters.get(name)!.data, data, name);
    }
    assertEquals(checkpoint.vocabulary.entities[0], "class 0");
  });
}

testInFolder(
  "import-tf finds the checkpoint by any of its files, or by its folder",
  async (cwd) => {
    await Deno.mkdir(`${cwd}/saved`);
    await save(`${cwd}/saved`, tensorsOf(await readCase("small_none_t1_n5")));
    const imports = async (from: string) => {
      const { code, stdout, stderr } = await run(cwd, from);
      assertEquals([code, stderr], [0, ""]);
      assertStringIncludes(stdout, "gpi_linguistic_published.safetensors: gpi_mean");
    };
    const [index, data] = [
      "saved/model.ckpt.index",
      "saved/model.ckpt.data-00001-of-00002",
    ];
    for (const from of [index, data, "saved", "saved/"]) await imports(from);

    await Deno.copyFile(`${cwd}/${index}`, `${cwd}/saved/older.index`);
    const { code, stderr } = await run(cwd, "saved");
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      'Cannot find the checkpoint "saved": the folder has model.ckpt, older; name one of them',
    );
    // As TensorFlow writes it, with the folder of another machine.
    const state = 'model_checkpoint_path: "/home/roei/models/model.ckpt"\n' +
      'all_model_checkpoint_paths: "/home/roei/models/older"\n';
    await Deno.writeTextFile(`${cwd}/saved/checkpoint`, state);
    await imports("saved");
  },
  { ignore: !CASES.includes("small_none_t1_n5") },
);

const linguistic = CASES.find((name) => /^small_linguistic_t\d/.test(name));

testInFolder(
  "import-tf names every missing, misshapen and extra variable",
  async (cwd) => {
    const parity = await readCase(linguistic!);
    const tensors = tensorsOf(parity);
    await saveWords(`${cwd}/words`, parity);
    await save(cwd, tensors);
    const { stdout } = await run(
      cwd,
      "model.ckpt",
      "--words",
      "words",
      "--name",
      "mine",
    );
    const count = parity.parameters.size;
    assertStringIncludes(
      stdout,
      `checkpoints/mine.safetensors: gpi_linguistic, ${count} variables\nleft out: deep_graph/`,
    );
    assertStringIncludes(stdout, "global_step");

    const refused = async (message: string, ...args: string[]) => {
      const { code, stderr } = await run(cwd, ...args);
      assertEquals(code, 1);
      assertStringIncludes(stderr, message);
    };
    await refused(
      'Cannot import the checkpoint without word vectors: found no "predicate_embeddings.p" in ., ./LanguageModule, data/raw/sgp',
      "model.ckpt",
    );
    await Deno.writeTextFile(`${cwd}/predicate_embeddings.p`, "N.");
    await refused(
      'Cannot use "./predicate_embeddings.p": it must hold an array',
      "model.ckpt",
    );
    await refused('"other.ckpt.index" does not exist', "other.ckpt");
    await refused(
      '"words/object_embeddings.p.index" does not exist',
      "words/object_embeddings.p",
    );

    const gate = tensors.get("deep_graph/nn_obj_forgate/0/biases")!;
    tensors.set("deep_graph/nn_obj_forgate/0/biases", {
      ...gate,
      shape: [1, ...gate.shape],
    });
    tensors.delete("deep_graph/nn_phi/0/biases");
    tensors.delete("deep_graph/nn_pred/0/biases");
    await save(cwd, tensors);
    await refused(
      'Cannot import "model.ckpt": it lacks deep_graph/nn_phi/0/biases, ' +
        'deep_graph/nn_pred/0/biases; "deep_graph/nn_obj_forgate/0/biases" has shape ' +
        `[${[1, ...gate.shape]}], expected [${gate.shape}]`,
      "model.ckpt",
    );
    // Nothing tells the sizes: all of the published variables are missing.
    await save(cwd, new Map([["a", gate]]));
    await refused("it lacks deep_graph/nn_phi/0/weights, deep_graph", "model.ckpt");
    assertEquals(PUBLISHED_CONFIG.layers, [500, 500, 500]);
  },
  { ignore: linguistic === undefined },
);

testInFolder("import-tf keeps a trained model unless --force is given", async (cwd) => {
  const path = "checkpoints/mine.safetensors";
  await Deno.mkdir(`${cwd}/checkpoints`);
  const config = { ...PRESETS.small.train };
  const training = { ...smallCheckpoint().training, config };
  const bytes = smallCheckpointBytes("gpi_mean", { training });
  await Deno.writeFile(`${cwd}/${path}`, bytes);
  const { code, stderr } = await run(cwd, "model.ckpt", "--name", "mine");
  assertEquals([code, stderr], [
    1,
    `error: Cannot write "${path}" as it is a trained model ("${training.command}"); give the new one a name with --name, or replace the old one with --force\n`,
  ]);
  // Both remedies lead to the next step, for which there is no file here.
  for (const remedy of [["--name", "other"], ["--name", "mine", "--force"]]) {
    const { stderr } = await run(cwd, "model.ckpt", ...remedy);
    assertStringIncludes(stderr, 'Cannot find the checkpoint "model.ckpt"');
  }
  assertEquals(await Deno.readFile(`${cwd}/${path}`), bytes);
});
