/**
 * Bundles the library for browsers and Node.js.
 *
 * @module
 */

import { simd } from "./_cli/site/deps_tfjs_wasm.ts";
import example from "./_cli/package/bundle_example.html" with { type: "bytes" };
import prelude from "./_cli/package/bundle_prelude.js" with { type: "text" };
import plain from "../src/kernels/kernels_plain.wasm" with { type: "bytes" };
import relaxed from "../src/kernels/kernels_relaxed.wasm" with { type: "bytes" };
import words from "../src/words/word_vectors.safetensors" with { type: "bytes" };
import { readFile, writeFileAtomically } from "../src/files.ts";
import { findCheckpoint } from "../src/pipeline/checkpoints.ts";
import { bundleForBrowsers } from "./_cli/package/browser_bundle.ts";
import { libraryTypes } from "./_cli/package/bundle_types.ts";
import { runTask } from "./_cli/run.ts";

/** Files beside the bundle, which fetches by these names. */
const FILES: Readonly<Record<string, Uint8Array>> = {
  "kernels_plain.wasm": plain,
  "kernels_relaxed.wasm": relaxed,
  "tfjs-backend-wasm-simd.wasm": simd,
  "word_vectors.safetensors": words,
  "example.html": example,
};

const spec = {
  name: "bundle",
  summary:
    `Write a bundle of mod.ts for browsers and Node.js: scene_graph_predictor.js, its types, the
files that it fetches from its own folder (.wasm, and word vectors for the names of
detectors' classes), and example.html, a page that uses it.`,
  positionals: {},
  flags: {
    out: { default: "dist", path: "path", help: "Folder to write to" },
    minify: { default: true, help: "Minify the code" },
    types: { default: true, help: "Write the types for TypeScript" },
    checkpoint: {
      type: "string",
      path: "path or name",
      unset: "none",
      help:
        "Checkpoint (name or path) to copy as checkpoint.safetensors, for example.html",
    },
  },
  examples: ["bundle --checkpoint gpi_linguistic_vg_pretrained", "bundle --no-minify"],
} as const;

await runTask(spec, async ({ out, minify, types, checkpoint, json }) => {
  const model = checkpoint && await readFile(await findCheckpoint(checkpoint));
  const { "mod.js": code } = await bundleForBrowsers(
    ["../mod.ts"],
    import.meta.url,
    minify,
  );
  const files: Record<string, Uint8Array> = {
    ...FILES,
    ...types ? await libraryTypes() : {},
    ...model ? { "checkpoint.safetensors": model } : {},
    "scene_graph_predictor.js": new TextEncoder().encode(prelude + code),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const path = `${out}/${name}`;
    await writeFileAtomically(path, bytes);
    const size = bytes.length;
    if (json) console.log(JSON.stringify({ path, bytes: size }));
    // One line stands for the many files of types.
    else if (!name.startsWith("types/")) {
      console.log(`${path}, ${(size / 1e3).toFixed(size < 1e3 ? 1 : 0)} kB`);
    }
  }
});
