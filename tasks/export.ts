/**
 * Exports a checkpoint for other runtimes, or in half the space.
 *
 * @module
 */

import { writeFileAtomically } from "../src/files.ts";
import { encodeCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { encodeOnnx } from "../src/checkpoint/export_onnx.ts";
import { openCheckpoint, refuseTrained } from "../src/pipeline/checkpoints.ts";
import { checkpointChoices } from "./_cli/flags/choices.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "export",
  summary:
    `Export a checkpoint as an ONNX file for any ONNX runtime, or as a checkpoint of this
project with numbers of 16 bits, which is half as large and predicts as well.`,
  positionals: {
    checkpoint: {
      path: "path or name",
      help: "Name of a checkpoint in checkpoints/, or its path",
    },
  },
  flags: {
    format: { default: "onnx", values: ["onnx", "float16"], help: "File format" },
    form: {
      default: "factored",
      values: ["factored", "published"],
      help:
        "For onnx: how first layers are computed, part by part (fast) or as published",
    },
    out: {
      type: "string",
      path: "path",
      unset: "reports/model.onnx, or reports/model.safetensors for float16",
      help: "File to write",
    },
    force: {
      default: false,
      help: "For float16: replace a trained model, which is otherwise refused",
    },
  },
  choices: async () => [await checkpointChoices("export")],
  examples: [
    "export gpi_linguistic_best --format onnx --out reports/sgp.onnx",
    "export gpi_linguistic_best --format float16 --out small.safetensors",
  ],
}, async ({ checkpoint: name, format, form, out, force, json }) => {
  const isOnnx = format === "onnx";
  const path = out ?? `reports/model.${isOnnx ? "onnx" : "safetensors"}`;
  if (!isOnnx && !force) await refuseTrained(path, "--out");
  const { state: _, ...checkpoint } = await openCheckpoint(name);
  const bytes = isOnnx
    ? encodeOnnx(checkpoint, form)
    : encodeCheckpoint(checkpoint, format);
  await writeFileAtomically(path, bytes);
  const size = bytes.length / 1e6;
  console.log(
    json
      ? JSON.stringify({ path, bytes: bytes.length, ...isOnnx ? { form } : { format } })
      : `Wrote ${path}: ${size.toFixed(size < 1 ? 3 : 1)} MB, ${
        isOnnx ? `${form} form` : format
      }`,
  );
});
