/**
 * Exports a checkpoint for other runtimes.
 *
 * @module
 */

import { writeFileAtomically } from "../src/files.ts";
import { encodeOnnx } from "../src/checkpoint/export_onnx.ts";
import { openCheckpoint } from "../src/pipeline/checkpoints.ts";
import { checkpointChoices } from "./_cli/choices.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "export",
  summary: "Export a checkpoint as an ONNX file for any ONNX runtime.",
  positionals: {
    checkpoint: {
      path: "path or name",
      help: "Name of a checkpoint in checkpoints/, or its path",
    },
  },
  flags: {
    format: { default: "onnx", values: ["onnx"], help: "File format" },
    form: {
      default: "factored",
      values: ["factored", "published"],
      help: "How first layers are computed: part by part (fast) or as published",
    },
    out: { default: "reports/model.onnx", path: "path", help: "File to write" },
  },
  choices: async () => [await checkpointChoices("export")],
  examples: ["export gpi_linguistic_best --format onnx --out reports/sgp.onnx"],
}, async ({ checkpoint, form, out, json }) => {
  const bytes = encodeOnnx(await openCheckpoint(checkpoint), form);
  await writeFileAtomically(out, bytes);
  const size = bytes.length / 1e6;
  console.log(
    json
      ? JSON.stringify({ path: out, bytes: bytes.length, form })
      : `Wrote ${out}: ${size.toFixed(size < 1 ? 3 : 1)} MB, ${form} form`,
  );
});
