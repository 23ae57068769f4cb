/**
 * A processed dataset as one file, to be handed on byte for byte: `<name>.tar.gz` with
 * the manifest first and its shards after it.
 *
 * @module
 */

import { TarStream, type TarStreamFile } from "@std/tar";
import {
  exists,
  fileSize,
  listFiles,
  readChunks,
  removeFile,
  writeFileAtomically,
} from "../files.ts";
import { hashed, hashFile, mismatch } from "../checksum.ts";
import { fetchFile, type FetchOptions } from "./fetch_file.ts";
import { fileNameOf, isWebAddress, pathOf } from "./places.ts";
import { unpack } from "../archive/unpack.ts";
import { Dataset, PROCESSED } from "../dataset/dataset.ts";
import {
  LABEL_PREDICTOR_FILE,
  type Manifest,
  MANIFEST_FILE,
} from "../dataset/manifest.ts";

/** A dataset that was packed or unpacked. */
export interface Bundle {
  /** Name of its folder. */
  name: string;
  /** Where it lies: the file that was written, or the folder. */
  path: string;
  /** Size of that file, or of all files of the folder. */
  bytes: number;
  /** SHA-256 of that file, or of the manifest, which has those of all other files. */
  sha256: string;
  /** Whether the folder was there before. */
  state: "packed" | "unpacked" | "present";
}

/**
 * Packs a processed dataset. The same dataset gives the same bytes.
 *
 * @param folder Its folder, such as `data/processed/vrd`.
 * @param path Where the bundle goes, such as `dist/vrd.tar.gz`.
 * @param onProgress Called with the bytes that are packed and those there are.
 * @returns The bundle.
 * @throws {Error} If there is no dataset, or a file is not what the manifest says.
 */
export async function packDataset(
  folder: string,
  path: string,
  onProgress?: (done: number, total: number) => void,
): Promise<Bundle> {
  const name = folder.split("/").at(-1)!;
  const { manifest } = await Dataset.open(folder);
  const files = await filesOf(folder, manifest);
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  async function* inputs(): AsyncGenerator<TarStreamFile> {
    for (const { file, ...expected } of files) {
      const chunks = hashed(readChunks(`${folder}/${file}`), (found) => {
        const wrong = mismatch(found, expected);
        if (wrong) throw new Error(`Cannot pack "${folder}/${file}": ${wrong}`);
        onProgress?.(done += found.bytes, total);
      });
      yield {
        type: "file",
        path: `${name}/${file}`,
        size: expected.bytes,
        readable: ReadableStream.from(chunks) as ReadableStream<Uint8Array>,
        // Nothing of this machine or moment.
        options: { mode: 0o644, mtime: 0 },
      };
    }
  }
  const packed = ReadableStream.from(inputs())
    .pipeThrough(new TarStream())
    .pipeThrough(
      new CompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array>,
    );
  await writeFileAtomically(path, packed);
  return { name, path, ...await hashFile(path), state: "packed" };
}

/**
 * Unpacks a bundle and checks every file against its manifest.
 *
 * @param path The bundle: a tar.gz, tar or zip of one folder.
 * @param folder Where datasets lie, such as `data/processed`.
 * @param onProgress Called with the bytes that are unpacked.
 * @returns The dataset; if the same one is there already, nothing is changed.
 * @throws {Error} If it is no bundle, a file is not what the manifest says, or another
 * dataset of the name is there.
 */
export async function unpackBundle(
  path: string,
  folder: string,
  onProgress?: (bytes: number) => void,
): Promise<Bundle> {
  const label = `"${path.slice(path.lastIndexOf("/") + 1)}"`;
  const aside = `${folder}/.bundle-${crypto.randomUUID()}`;
  try {
    await unpack(path, aside, {
      onProgress,
      check: (found) => checkBundle(found, label),
    });
    const [name] = await foldersOf(aside);
    const target = `${folder}/${name}`;
    const { manifest } = await Dataset.open(`${aside}/${name}`);
    const files = await filesOf(`${aside}/${name}`, manifest);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const bundle = { name, path: target, bytes, sha256: files[0].sha256 };
    if (!await exists(target)) {
      await Deno.rename(`${aside}/${name}`, target);
      return { ...bundle, state: "unpacked" };
    }
    const known = `${target}/${MANIFEST_FILE}`;
    const isSame = await exists(known) &&
      (await hashFile(known)).sha256 === bundle.sha256;
    if (isSame) return { ...bundle, state: "present" };
    throw new Error(
      `Cannot unpack ${label}: "${target}" holds another dataset; rename or remove it and run it again`,
    );
  } finally {
    if (await exists(aside)) await Deno.remove(aside, { recursive: true });
  }
}

/**
 * Takes a bundle from wherever it is.
 *
 * @param address An URL (`http:`, `https:`, `file:`) or a path.
 * @param options `raw`: where it is kept until it is unpacked; `processed`: where
 * datasets lie; and how to fetch.
 * @returns The dataset.
 * @throws {DownloadError} If the address does not give it.
 * @throws {Error} As {@linkcode unpackBundle} does.
 */
export async function downloadBundle(
  address: string,
  options: FetchOptions & { raw?: string; processed?: string } = {},
): Promise<Bundle> {
  const { raw = "data/raw/bundles", processed = PROCESSED, ...how } = options;
  const unpackFrom = (path: string) =>
    unpackBundle(path, processed, (bytes) => how.onProgress?.(bytes, bytes));
  if (!isWebAddress(address)) {
    const path = pathOf(address);
    if (await fileSize(path) === undefined) {
      throw new Error(`Cannot find "${address}": no such file`);
    }
    return await unpackFrom(path);
  }
  const path = `${raw}/${fileNameOf(address) || "bundle"}`;
  await fetchFile(address, path, how);
  try {
    return await unpackFrom(path);
  } finally {
    await removeFile(path);
  }
}

/** Throws if what was unpacked is not one whole dataset. */
async function checkBundle(folder: string, label: string): Promise<void> {
  const fail = (why: string, cause?: unknown): never => {
    const shown = why.replaceAll(`${folder}/`, "");
    throw new Error(`Cannot use ${label} as a dataset: ${shown}`, { cause });
  };
  const names = await foldersOf(folder);
  if (names.length !== 1 || (await listFiles(folder)).length > 0) {
    fail("it must hold one folder and nothing beside it");
  }
  const inside = `${folder}/${names[0]}`;
  const { manifest } = await Dataset.open(inside).catch((e) => fail(e.message, e));
  const files = await filesOf(inside, manifest);
  for (const { file, ...expected } of files) {
    const wrong = mismatch(await hashFile(`${inside}/${file}`), expected);
    if (wrong) fail(`"${names[0]}/${file}" is damaged: ${wrong}`);
  }
  const known = new Set(files.map(({ file }) => file));
  const found = [...await listFiles(inside), ...await foldersOf(inside)];
  const other = found.find((name) => !known.has(name));
  if (other) fail(`its manifest does not know "${names[0]}/${other}"`);
}

/** The manifest, all that it names, and the label predictor if there is one. */
async function filesOf(folder: string, { splits }: Manifest) {
  const shards = Object.values(splits).flatMap(({ shards }) => shards);
  const found = async (file: string) => ({
    file,
    ...await hashFile(`${folder}/${file}`),
  });
  const hasPredictor = await exists(`${folder}/${LABEL_PREDICTOR_FILE}`);
  return [
    await found(MANIFEST_FILE),
    ...shards.map(({ file, bytes, sha256 }) => ({ file, bytes, sha256 })),
    ...hasPredictor ? [await found(LABEL_PREDICTOR_FILE)] : [],
  ];
}

async function foldersOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) names.push(name);
  }
  return names.sort();
}
