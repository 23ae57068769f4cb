import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, smallCheckpointBytes } from "../_samples.ts";
import { predict, runOnnxFile, testOnnx } from "../checkpoint/_onnx.ts";
import { runTask } from "./_run_script.ts";

const IMAGES = [1, 5].map((n) => randomImage(n, "export", n));

/** Exports a checkpoint in a temporary folder; returns the file and the printed text. */
async function exportCheckpoint(
  checkpoint: Uint8Array,
  path: string,
  ...args: string[]
): Promise<{ file: Uint8Array; stdout: string }> {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${cwd}/small.safetensors`, checkpoint);
    const { code, stdout, stderr } = await runTask(
      cwd,
      "export",
      "small.safetensors",
      ...args,
    );
    assertEquals([code, stderr], [0, ""]);
    return { file: await Deno.readFile(`${cwd}/${path}`), stdout };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
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
