/**
 * Files and datasets at web addresses, fetched into a folder of this machine, as their
 * readers need files.
 *
 * @module
 */

import { fileNameOf, isWebAddress, lastName, withoutSecrets } from "../address.ts";
import { exists, readFile, removeFile, writeFileAtomically } from "../files.ts";
import { hashed, hashFile, mismatch, sha256 } from "../checksum.ts";
import {
  LABEL_PREDICTOR_FILE,
  MANIFEST_FILE,
  parseManifest,
  SPLITS,
} from "../dataset/manifest.ts";
import { DownloadError } from "../download/error.ts";
import { remoteChunks } from "../download/remote.ts";
import { parseJson } from "../json_value.ts";
import { lock } from "../lock.ts";
import { type Listener, SILENT } from "./listener.ts";

/** Folder of all that is fetched. It may be removed at any time. */
const REMOTE = "data/remote";

/** Digits of a hash that name a folder. */
const DIGITS = 16;

/** What an address ends with if it says the SHA-256 of its file, as those of pip do. */
const FRAGMENT = /^#sha256=([0-9a-f]{64})$/i;

/**
 * The path of a file. One at a web address is fetched, whole or not at all, and each time
 * anew, unless the address ends with `#sha256=` and the file is there.
 *
 * @param source A path, which is returned as it is, or an address.
 * @param listener Receives progress.
 * @returns A path.
 * @throws {DownloadError} If the address does not give the file, or one of another SHA-256.
 */
export async function localFile(
  source: string,
  listener: Listener = SILENT,
): Promise<string> {
  if (!isWebAddress(source)) return source;
  const { url, expected, path } = placeOf(source);
  if (expected.sha256 && await exists(path)) {
    if (!mismatch(await hashFile(path), expected)) return path;
  }
  await fetchTo(path, url, expected, listener);
  return path;
}

/**
 * Fetches the file of another name from the folder of an address, if the server has it.
 *
 * @param address The address; the other one has its query.
 * @param name Name of the other file.
 * @param path Where to put it; default: its own place.
 * @returns Its path, or `undefined` if it does not exist.
 */
export async function fileBeside(
  address: string,
  name: string,
  path?: string,
): Promise<string | undefined> {
  const other = new URL(address);
  other.pathname = other.pathname.replace(/[^/]*$/, () => encodeURIComponent(name));
  other.hash = "";
  path ??= placeOf(other.href).path;
  try {
    await fetchTo(path, other.href, {}, SILENT);
    return path;
  } catch (error) {
    // Some stores answer 403 for what is not there.
    const isMissing = error instanceof DownloadError &&
      (error.status === 404 || error.status === 403);
    if (!isMissing) throw error;
    // A file of an earlier time must not be taken for this one.
    await removeFile(path);
    return undefined;
  }
}

/**
 * Fetches a dataset. Its folder is named by the hash of its manifest, so that each file is
 * fetched once, and a dataset that has changed gets another folder.
 *
 * @param address Address of its folder; the files' addresses have its query.
 * @param listener Receives progress.
 * @returns Path of its folder, whose files are those that the manifest lists.
 * @throws {DownloadError} If the address does not give a file, or another than the manifest
 * says.
 * @throws {SyntaxError | TypeError | RangeError} If the manifest is none.
 */
export async function localDataset(
  address: string,
  listener: Listener = SILENT,
): Promise<string> {
  const base = new URL(address);
  base.hash = "";
  base.pathname = base.pathname.replace(/\/+$/, "");
  const addressOf = (name: string) => {
    const file = new URL(base);
    file.pathname = `${base.pathname}/${name}`;
    return file.href;
  };
  const ofManifest = addressOf(MANIFEST_FILE), shown = withoutSecrets(ofManifest);
  const bytes = await readFile(await localFile(ofManifest));
  const { splits } = parseManifest(parseJson(bytes, `"${shown}"`).value, shown);
  const folder = `${REMOTE}/${sha256(bytes).slice(0, DIGITS)}/${fileNameOf(base)}`;
  for (const { file, ...expected } of SPLITS.flatMap((split) => splits[split].shards)) {
    const path = `${folder}/${file}`;
    if (await exists(path) && !mismatch(await hashFile(path), expected)) continue;
    await fetchTo(path, addressOf(file), expected, listener);
  }
  await fileBeside(ofManifest, LABEL_PREDICTOR_FILE, `${folder}/${LABEL_PREDICTOR_FILE}`);
  // The manifest comes last: a folder that has it is whole.
  await writeFileAtomically(`${folder}/${MANIFEST_FILE}`, bytes);
  return folder;
}

/** Where the file of an address comes, and what is known of it. */
function placeOf(address: string) {
  const url = new URL(address);
  const [, digits] = FRAGMENT.exec(url.hash) ?? [];
  if (url.hash !== "" && digits === undefined) {
    throw new RangeError(
      `Cannot fetch "${
        withoutSecrets(address)
      }" as what follows "#" must be "sha256=" and 64 hexadecimal digits: found "${url.hash}"`,
    );
  }
  url.hash = "";
  return {
    url: url.href,
    expected: digits === undefined ? {} : { sha256: digits.toLowerCase() },
    path: `${REMOTE}/${sha256(url.href).slice(0, DIGITS)}/${fileNameOf(url) || "file"}`,
  };
}

async function fetchTo(
  path: string,
  url: string,
  expected: { sha256?: string; bytes?: number },
  listener: Listener,
): Promise<void> {
  // Another process may be fetching the same file.
  using _ = await lock(`${path}.lock`, path, {
    making: sha256(url),
    onWait: (owner) => listener.note(`Waiting for ${owner}, which fetches "${path}"`),
  });
  const bar = listener.progress(`fetch ${lastName(path)}`, "bytes");
  const chunks = remoteChunks(url, {}, {
    onProgress: (done, total) => bar.update(done, total),
  });
  const checked = hashed(chunks, (found) => {
    const wrong = mismatch(found, expected);
    if (wrong) throw new DownloadError("checksum", url, wrong);
  });
  await writeFileAtomically(path, checked).finally(() => bar.done());
}
