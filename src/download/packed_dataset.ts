/**
 * A packed dataset: a processed dataset as one file to share, `<name>.tar.gz`, with the
 * manifest first and the shards after it.
 *
 * @module
 */

import { TarStream, type TarStreamFile } from "@std/tar";
import { fileNameOf, isWebAddress, lastName, pathOf } from "../address.ts";
import { unpack } from "../archive/unpack.ts";
import { hashed, hashFile, mismatch } from "../checksum.ts";
import { Dataset, PROCESSED } from "../dataset/dataset.ts";
import { unlessDamaged } from "../dataset/read_manifest.ts";
import { DATASET_FOLDER } from "../dataset/make.ts";
import {
  LABEL_PREDICTOR_FILE,
  type Manifest,
  MANIFEST_FILE,
} from "../dataset/manifest.ts";
import {
  exists,
  listFiles,
  listFolders,
  readChunks,
  removeFile,
  removeFolder,
  rename,
  writeFileAtomically,
} from "../files.ts";
import { lockFolder } from "../lock.ts";
import { replaceFolder } from "../replace_folder.ts";
import { escapeControls } from "../show_value.ts";
import { fetchFile, type FetchOptions } from "./fetch_file.ts";

/** A dataset that was packed or unpacked. */
export interface PackResult {
  /** Name of its folder. */
  name: string;
  /** Path of the packed file, or of the folder. */
  path: string;
  /** Size of the packed file, or of all files in the folder. */
  bytes: number;
  /** SHA-256 of the packed file, or of the manifest, which lists those of the shards. */
  sha256: string;
  /** `"present"` if the same dataset existed before. */
  state: "packed" | "unpacked" | "present";
}

/**
 * A dataset has few large files. Each new file takes milliseconds, so that an archive of
 * very many is refused before they are made.
 */
const LIMITS = { entries: 10_000, noEmpty: true };

/**
 * Packs a processed dataset. The same dataset gives the same bytes.
 *
 * @param folder Its folder, such as `data/processed/vrd`.
 * @param path Path of the packed file, such as `dist/vrd.tar.gz`.
 * @param onProgress Called with the bytes packed so far and the bytes of all files.
 * @returns Path, size and checksum of the packed file.
 * @throws {Error} If the folder has no dataset, or a file differs from the manifest.
 */
export async function packDataset(
  folder: string,
  path: string,
  onProgress?: (done: number, total: number) => void,
): Promise<PackResult> {
  const name = lastName(folder);
  const { manifest } = await Dataset.open(folder);
  const files = await filesOf(folder, manifest);
  const total = sizeOf(files);
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
        // Constant, so that the archive has the same bytes everywhere and at any time.
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
 * Unpacks a packed dataset and checks every file against its manifest.
 *
 * @param path Path of a tar.gz, tar or zip that holds one folder.
 * @param folder Folder of the datasets, such as `data/processed`.
 * @param onProgress Called with the number of bytes unpacked so far.
 * @returns The dataset; if it exists already, nothing changes.
 * @throws {Error} If the file is not a packed dataset, a file in it differs from the
 * manifest, or a different dataset has the same name.
 */
export async function unpackDataset(
  path: string,
  folder: string,
  onProgress?: (bytes: number) => void,
): Promise<PackResult> {
  const label = `"${escapeControls(lastName(path))}"`;
  const aside = `${folder}/.unpacking-${crypto.randomUUID()}`;
  try {
    await unpack(path, aside, onProgress, LIMITS);
    const [name, files] = await checkUnpacked(aside, label);
    const target = `${folder}/${name}`;
    const [{ sha256 }] = files;
    const find = async () => {
      if (!await exists(target)) return undefined;
      const manifest = `${target}/${MANIFEST_FILE}`;
      if (!await exists(manifest) || (await hashFile(manifest)).sha256 !== sha256) {
        throw new Error(
          `Cannot unpack ${label}: "${target}" holds another dataset; rename or remove it and run it again`,
        );
      }
      return await unlessDamaged(async () => {
        await (await Dataset.open(target)).checkFiles();
        return "present" as const;
      });
    };
    const options = { ...DATASET_FOLDER, making: sha256 };
    const state = await replaceFolder(target, options, find, async (place) => {
      await removeFolder(place);
      await rename(`${aside}/${name}`, place);
    }) ?? "unpacked";
    return { name, path: target, bytes: sizeOf(files), sha256, state };
  } finally {
    await removeFolder(aside);
  }
}

/**
 * Downloads and unpacks a packed dataset.
 *
 * @param address A URL (`http:`, `https:`, `file:`) or a path.
 * @param options `raw`: folder for the packed file until it is unpacked; `processed`:
 * folder of the datasets; and how to fetch the file.
 * @returns The dataset.
 * @throws {DownloadError} If the address does not provide the file.
 * @throws {Error} As {@linkcode unpackDataset}, or if another process writes to `raw`.
 */
export async function downloadPackedDataset(
  address: string,
  options: FetchOptions & { raw?: string; processed?: string } = {},
): Promise<PackResult> {
  const { raw = "data/raw/packed", processed = PROCESSED, ...how } = options;
  const unpackFrom = (path: string) =>
    unpackDataset(path, processed, (bytes) => how.onProgress?.(bytes, bytes));
  if (!isWebAddress(address)) {
    const path = pathOf(address);
    if (await exists(path)) return await unpackFrom(path);
    throw new Error(`Cannot find "${address}": no such file; check the path`);
  }
  using _lock = await lockFolder(raw);
  const path = `${raw}/${fileNameOf(address) || "dataset"}`;
  await fetchFile(address, path, how);
  try {
    return await unpackFrom(path);
  } finally {
    await removeFile(path);
  }
}

/** Checks that a folder holds exactly one complete dataset; returns its name and files. */
async function checkUnpacked(folder: string, label: string) {
  const fail = (why: string, cause?: unknown): never => {
    const shown = escapeControls(why.replaceAll(`${folder}/`, ""));
    throw new Error(`Cannot use ${label} as a dataset: ${shown}`, { cause });
  };
  const [name, ...others] = await listFolders(folder);
  if (name === undefined || others.length > 0 || (await listFiles(folder)).length > 0) {
    fail("it must hold one folder and nothing beside it");
  }
  const inside = `${folder}/${name}`;
  const { manifest } = await Dataset.open(inside).catch((e) => fail(e.message, e));
  const files = await filesOf(inside, manifest);
  for (const { file, ...expected } of files) {
    const wrong = mismatch(await hashFile(`${inside}/${file}`), expected);
    if (wrong) fail(`"${name}/${file}" is damaged: ${wrong}`);
  }
  const known = new Set(files.map(({ file }) => file));
  const found = [...await listFiles(inside), ...await listFolders(inside)];
  const other = found.find((name) => !known.has(name));
  if (other) fail(`its manifest does not list "${name}/${other}"`);
  return [name, files] as const;
}

/** Lists the manifest, its shards and, if it exists, the label predictor. */
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

function sizeOf(files: readonly { bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
