/**
 * Makes the files of the page that runs in the browser.
 *
 * @module
 */

import icon from "../../../site/icon.svg" with { type: "bytes" };
import html from "../../../site/index.html" with { type: "text" };
import style from "../../../site/page.css" with { type: "bytes" };
import type { SiteFile, SiteFiles } from "../../../site/files.ts";
import plain from "../../../src/kernels/kernels_plain.wasm" with { type: "bytes" };
import relaxed from "../../../src/kernels/kernels_relaxed.wasm" with { type: "bytes" };
import words from "../../../src/words/word_vectors.safetensors" with { type: "bytes" };
import { sha256 } from "../../../src/checksum.ts";
import { centernetFolder } from "../../../src/deps/centernet.ts";
import { fetchBytes } from "../../../src/fetch_bytes.ts";
import { bundleForBrowsers } from "../package/browser_bundle.ts";
import { simd } from "./deps_tfjs_wasm.ts";
import { siteExamples } from "./examples.ts";

const CHECKPOINTS = new URL("../../../checkpoints/", import.meta.url);

/** Files by name, of one folder. */
type Folder = Record<string, Uint8Array>;

/**
 * Makes the site. Each folder has a hash of its files in its name, so that a server and a
 * browser may keep them for ever; `index.html` and `service_worker.js` say which are current.
 * The same sources give the same bytes.
 *
 * @param minify Whether to minify the code.
 * @returns Contents by path.
 * @throws {Error} If the bundler finds a fault.
 * @throws {TypeError} If the detector's package cannot be fetched.
 */
export async function siteFiles(minify: boolean): Promise<Record<string, Uint8Array>> {
  const code = await bundleForBrowsers(
    ["page/main.ts", "engine/worker.ts", "service_worker.ts"],
    new URL("../../../site/", import.meta.url).href,
    minify,
  );
  const drawn = siteExamples();
  const shell = named("page", {
    "main.js": encode(code["main.js"]),
    "page.css": style,
    "icon.svg": icon,
    ...drawn.files,
  });
  const program = named("program", {
    "worker.js": encode(code["worker.js"]),
    "kernels_plain.wasm": plain,
    "kernels_relaxed.wasm": relaxed,
    "tfjs-backend-wasm-simd.wasm": simd,
    "word_vectors.safetensors": words,
  });
  const detector = named("detector", await detectorFiles());
  const network = named("network", {
    "photographs.safetensors": await checkpoint("gpi_linguistic_vg_pretrained"),
  });
  const drawings = named("drawings", {
    "drawings.safetensors": await checkpoint("gpi_linguistic_pretrained"),
  });
  const site: SiteFiles = {
    shell: shell.list,
    groups: {
      ...{ program: program.list, detector: detector.list },
      ...{ network: network.list, drawings: drawings.list },
    },
    engine: {
      program: `${program.folder}/worker.js`,
      detector: detector.folder,
      network: `${network.folder}/photographs.safetensors`,
      drawings: `${drawings.folder}/drawings.safetensors`,
    },
    examples: drawn.examples.map(({ title, picture, input }) => ({
      ...{ title, picture: `${shell.folder}/${picture}` },
      input: `${shell.folder}/${input}`,
    })),
  };
  const page = encode(
    html.replaceAll("{{page}}", shell.folder)
      // Nothing in a script of data may end it.
      .replace('"{{files}}"', () => JSON.stringify(site).replaceAll("<", "\\u003c")),
  );
  const { groups } = site;
  const kept = { page: listed("", page), shell: site.shell, groups };
  const version = sha256(JSON.stringify(kept)).slice(0, 16);
  return {
    "index.html": page,
    "service_worker.js": encode(
      `const SITE = ${JSON.stringify({ version, ...kept })};\n${
        code["service_worker.js"]
      }`,
    ),
    ...shell.files,
    ...program.files,
    ...detector.files,
    ...network.files,
    ...drawings.files,
  };
}

/** Gives a folder a name with a hash of its files. */
function named(
  name: string,
  files: Folder,
): { folder: string; files: Record<string, Uint8Array>; list: SiteFile[] } {
  const sums = Object.entries(files).map(([file, bytes]) => [file, sha256(bytes)]);
  const folder = `${name}-${sha256(JSON.stringify(sums)).slice(0, 12)}`;
  const paths = Object.fromEntries(
    Object.entries(files).map(([file, bytes]) => [`${folder}/${file}`, bytes]),
  );
  const list = Object.entries(paths).map(([path, bytes]) => listed(path, bytes));
  return { folder, files: paths, list };
}

function listed(path: string, bytes: Uint8Array): SiteFile {
  return { path, bytes: bytes.length, sha256: sha256(bytes) };
}

/** The two files of the detector's network, as its package has them. */
async function detectorFiles(): Promise<Folder> {
  const folder = await centernetFolder();
  const read = (name: string) =>
    fetchBytes(new URL(name, folder), `Cannot read the detector's "${name}"`);
  return {
    "centernet.bin": await read("centernet.bin"),
    "centernet.json": await read("centernet.json"),
  };
}

async function checkpoint(name: string): Promise<Uint8Array> {
  const url = new URL(`${name}.safetensors`, CHECKPOINTS);
  return await fetchBytes(url, `Cannot read the checkpoint "${name}"`);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
