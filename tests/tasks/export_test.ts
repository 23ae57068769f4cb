import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { PRESETS } from "../../src/config.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, smallCheckpoint, smallCheckpointBytes } from "../_samples.ts";
import { predict, runOnnxFile, testOnnx } from "../checkpoint/_onnx.ts";
import { inFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const IMAGES = [1, 5].map((n) => randomImage(n, "export", n));

/** Exports a checkpoint in a temporary folder; returns the file and the printed text. */
async function exportCheckpoint(
  checkpoint: Uint8Array,
  path: string,
  ...args: string[]
): Promise<{ file: Uint8Array; stdout: string }> {
  return await inFolder(async (cwd) => {
    await Deno.writeFile(`${cwd}/small.safetensors`, checkpoint);
    const { code, stdout, stderr } = await runTask(
      cwd,
      "export",
      "small.safetensors",
      ...args,
    );
    assertEquals([code, stderr], [0, ""]);
    return { file: await Deno.readFile(`${cwd}/${path}`), stdout };
  });
}

for (const form of ["factored", "published"] as const) {
  testOnnx(`export --form ${form} writes what another runtime predicts by`, async () => {
    const bytes = smallCheckpointBytes("gpi_linguistic");
    const args = ["--form", form, "--out", "out/small.onnx", "--json"];
    const { file, stdout } = await exportCheckpoint(bytes, "out/small.onnx", ...args);
    assertEquals(JSON.parse(stdout), {
      path: "out/small.onnx",
      bytes: file.length,
      form,
    });
    const checkpoint = decodeCheckpoint(bytes, "small");
    const expected = await predict(checkpoint, IMAGES);
    const actual = await runOnnxFile(file, checkpoint.config, IMAGES);
    for (const [i, { entities, relations }] of expected.entries()) {
      assertClose(actual[i].entities, entities, 1e-4, "entities");
      assertClose(actual[i].relations, relations, 1e-4, "relations");
    }
  });
}

Deno.test("export prints the path of the file, and each form gives another file", async () => {
  const bytes = smallCheckpointBytes("gpi_linguistic");
  const path = "reports/model.onnx";
  const { file, stdout } = await exportCheckpoint(bytes, path);
  const size = (file.length / 1e6).toFixed(3);
  assertEquals(stdout, `Wrote ${path}: ${size} MB, factored form\n`);
  const published = await exportCheckpoint(bytes, path, "--form", "published");
  assertStringIncludes(published.stdout, " MB, published form\n");
  assertNotEquals(published.file, file);
});

Deno.test("export --format float16 writes the checkpoint in 16 bits, the same bytes each time", async () => {
  const bytes = smallCheckpointBytes("gpi_linguistic");
  const args = ["--format", "float16"], path = "reports/model.safetensors";
  const { file, stdout } = await exportCheckpoint(bytes, path, ...args);
  const size = (file.length / 1e6).toFixed(3);
  assertEquals(stdout, `Wrote ${path}: ${size} MB, float16\n`);
  assertEquals((await exportCheckpoint(file, path, ...args)).file, file);
  const { parameters } = decodeCheckpoint(bytes, "small");
  for (const [name, { data }] of decodeCheckpoint(file, "half").parameters) {
    assertEquals(data, parameters.get(name)!.data.map(Math.f16round), name);
  }
});

Deno.test("export --format float16 does not replace a trained model, unless it is told to", () =>
  inFolder(async (cwd) => {
    const checkpoint = smallCheckpoint("gpi_mean");
    const config = PRESETS.small.train, command = "deno task train gpi_mean";
    const trained = { ...checkpoint.training, config, command };
    const path = `${cwd}/small.safetensors`;
    await Deno.writeFile(path, encodeCheckpoint({ ...checkpoint, training: trained }));
    const args = [
      "small.safetensors",
      "--format",
      "float16",
      "--out",
      "small.safetensors",
    ];
    const { code, stderr } = await runTask(cwd, "export", ...args);
    assertEquals([code, stderr], [
      1,
      `error: Cannot write "small.safetensors" as it is a trained model ("${command}"); give the new one a name with --out, or replace the old one with --force\n`,
    ]);
    const before = await Deno.stat(path);
    assertEquals((await runTask(cwd, "export", ...args, "--force")).code, 0);
    assert((await Deno.stat(path)).size < before.size);
  }));
