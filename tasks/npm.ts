/**
 * Builds the npm package, for Node.js, Bun and bundlers.
 *
 * @module
 */

import { TarStream, type TarStreamFile } from "@std/tar";
import guide from "../docs/npm.md" with { type: "bytes" };
import { pathOf } from "../src/address.ts";
import { hashFile } from "../src/checksum.ts";
import { listFiles, readFile, writeFileAtomically } from "../src/files.ts";
import { simd } from "./_cli/site/deps_tfjs_wasm.ts";
import { npmFiles } from "./_cli/package/npm_package.ts";
import { runTask } from "./_cli/run.ts";

/** The checkpoint that the package has, and its card. */
const CHECKPOINT = "checkpoints/gpi_linguistic_vg_pretrained.safetensors";
const CARD = "checkpoints/README.md";

const spec = {
  name: "npm",
  summary:
    `Write the npm package: modules, types, .wasm files, word vectors and the checkpoint of
photographs. Install it with "npm install <path>". The same sources give the same bytes.`,
  positionals: {},
  flags: {
    out: { default: "dist", path: "path", help: "Folder to write to" },
  },
  examples: ["npm", "npm --out /tmp"],
} as const;

await runTask(spec, async ({ out, json }) => {
  const root = (path: string) => pathOf(new URL(`../${path}`, import.meta.url));
  const modules = await listFiles(root("src/deps"));
  const sources = await Promise.all(
    modules.map(async (name) =>
      new TextDecoder().decode(await readFile(root(`src/deps/${name}`)))
    ),
  );
  const files = await npmFiles({
    "README.md": guide,
    "src/kernels/tfjs-backend-wasm-simd.wasm": simd,
    [CHECKPOINT]: await readFile(root(CHECKPOINT)),
    [CARD]: await readFile(root(CARD)),
  }, sources);
  const { name, version } = JSON.parse(new TextDecoder().decode(files["package.json"]));
  // As "npm pack" names it.
  const path = `${out}/${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
  await writeFileAtomically(path, packed(files));
  const packedFile = { path, files: Object.keys(files).length, ...await hashFile(path) };
  const { bytes, sha256 } = packedFile;
  console.log(
    json
      ? JSON.stringify(packedFile)
      : `${path}, ${packedFile.files} files, ${
        (bytes / 1e6).toFixed(1)
      } MB, SHA-256 ${sha256}`,
  );
});

/** A tar.gz with everything in the folder `package`, as npm wants it. */
function packed(files: Record<string, Uint8Array<ArrayBuffer>>): ReadableStream {
  const inputs = Object.keys(files).sort().map((path): TarStreamFile => ({
    type: "file",
    path: `package/${path}`,
    size: files[path].length,
    readable: new Blob([files[path]]).stream(),
    // Constant, so that the archive has the same bytes everywhere and at any time.
    options: { mode: 0o644, mtime: 0 },
  }));
  return ReadableStream.from(inputs)
    .pipeThrough(new TarStream())
    .pipeThrough(
      new CompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array>,
    );
}
