/**
 * Bundles the library for browsers.
 *
 * @module
 */

import { simd } from "./_cli/deps_tfjs_wasm.ts";
import plain from "../src/kernels/kernels_plain.wasm" with { type: "bytes" };
import relaxed from "../src/kernels/kernels_relaxed.wasm" with { type: "bytes" };
import words from "../src/words/word_vectors.safetensors" with { type: "bytes" };
import { pathOf } from "../src/address.ts";
import { writeFileAtomically } from "../src/files.ts";
import { runTask } from "./_cli/run.ts";

/** Files beside the browser bundle, which fetches them by these names. */
const FETCHED_FILES: Readonly<Record<string, Uint8Array>> = {
  "kernels_plain.wasm": plain,
  "kernels_relaxed.wasm": relaxed,
  "tfjs-backend-wasm-simd.wasm": simd,
  "word_vectors.safetensors": words,
};

/**
 * Packages that a browser does without: it decodes photographs itself, and fetches the
 * network of CenterNet alone. Detectors in ONNX and of transformers.js are for Deno; in a
 * browser, call those libraries and pass what they return.
 */
const NOT_FOR_BROWSERS = [
  "npm:@jsquash/*",
  "npm:jpeg-js*",
  "npm:@vladmandic/*",
  "npm:onnxruntime-web*",
  "npm:@huggingface/*",
];

const spec = {
  name: "bundle",
  summary:
    `Write a browser bundle of mod.ts: scene_graph_predictor.js, and the files that it
fetches from its own folder: .wasm, and word vectors for the names of detectors' classes.`,
  positionals: {},
  flags: {
    out: { default: "dist", path: "path", help: "Folder to write to" },
    minify: { default: true, help: "Minify the code" },
  },
  examples: ["bundle", "bundle --no-minify"],
} as const;

await runTask(spec, async ({ out, minify, json }) => {
  const { outputFiles = [], errors } = await Deno.bundle({
    entrypoints: [pathOf(new URL("../mod.ts", import.meta.url))],
    outputPath: `${out}/scene_graph_predictor.js`,
    platform: "browser",
    external: NOT_FOR_BROWSERS,
    minify,
    write: false,
  });
  const code = outputFiles[0]?.text();
  if (code === undefined) {
    const [problem] = errors;
    throw new Error(
      `Cannot bundle "mod.ts": ${problem?.text ?? "the bundler wrote no file"}`,
    );
  }
  const files: Record<string, Uint8Array> = {
    ...FETCHED_FILES,
    "scene_graph_predictor.js": new TextEncoder().encode(code),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const path = `${out}/${name}`;
    await writeFileAtomically(path, bytes);
    const size = bytes.length;
    console.log(
      json
        ? JSON.stringify({ path, bytes: size })
        : `${path}, ${(size / 1e3).toFixed(0)} kB`,
    );
  }
});
