/**
 * Gets the files of a dataset from wherever they are to be had: every mirror in order,
 * or what the user has.
 *
 * @module
 */

import { exists } from "../files.ts";
import { DownloadError } from "./error.ts";
import { HOPELESS, placeOf, type PlaceOptions } from "./places.ts";
import { DownloadRecord, RECORD_FILE } from "./record.ts";
import { unpack } from "../archive/unpack.ts";
import type { Source, SourceFile } from "./sources.ts";

/** Where files come from and go. */
export interface DownloadOptions extends PlaceOptions {
  /** Where the files go; default `data/raw/<name of the source>`. */
  folder?: string;
  /** Only from here: a folder, an archive or an URL of one. */
  from?: string;
  /** A folder on the web or an archive that is tried before the publisher's. */
  mirror?: string;
  /** That the user accepts the publisher's terms. */
  acceptLicence?: boolean;
}

/** A file that is there and is what it should be. */
export interface DownloadedFile {
  /** Name of the source. */
  dataset: string;
  /** Name of the file, or of a folder that was unpacked, ending in `/`. */
  file: string;
  /** Where it lies. */
  path: string;
  /** Size in bytes. */
  bytes: number;
  /** SHA-256 in hexadecimal; of a folder, that of its archive. */
  sha256: string;
  /** Where it came from. */
  from: string;
  /** Whether it was there before. */
  state: "downloaded" | "present";
}

/**
 * Gets the files of a source; those that are there are only checked.
 *
 * @param source What to get.
 * @param options Where from and where to.
 * @returns Each file as soon as it is there.
 * @throws {DownloadError} If no address gives all that is missing; the message has each
 * address with the reason.
 * @throws {Error} If a file is there but is something else, the licence is not accepted,
 * or another process downloads into the folder.
 */
export async function* download(
  source: Source,
  options: DownloadOptions = {},
): AsyncGenerator<DownloadedFile, void> {
  const { folder = `data/raw/${source.name}`, acceptLicence, ...how } = options;
  if (source.mustAccept && !acceptLicence) {
    throw new Error(
      `Cannot download "${source.name}": its publisher asks everybody to accept its terms (${source.licence}); read them, then add --accept-licence`,
    );
  }
  await Deno.mkdir(folder, { recursive: true });
  using lock = await Deno.open(`${folder}/.lock`, { write: true, create: true });
  // The system gives the lock free when the process ends, however it ends.
  if (!await lockSoon(lock)) {
    throw new Error(`Cannot download into "${folder}": another process does so already`);
  }
  const record = await DownloadRecord.open(folder);
  const unpacked = source.unpackTo && `${folder}/${source.unpackTo}`;
  const isUnpacked = unpacked !== undefined && await exists(unpacked);
  const missing = new Map<string, SourceFile>();
  const describe = (name: string, state: DownloadedFile["state"]): DownloadedFile => {
    const { bytes, sha256, from } = record.files[name];
    const path = `${folder}/${name}`;
    return { dataset: source.name, file: name, path, bytes, sha256, from, state };
  };
  for (const file of source.files) {
    if (await record.find(file.name, file)) yield describe(file.name, "present");
    else if (!isUnpacked) missing.set(file.name, file);
  }
  for await (const name of getMissing(source, missing, folder, record, how)) {
    yield describe(name, "downloaded");
  }
  if (!unpacked) return;
  const [{ name }] = source.files;
  if (!isUnpacked) {
    const { onProgress } = options;
    await unpack(`${folder}/${name}`, unpacked, {
      onProgress: (bytes) => onProgress?.(`${source.unpackTo}/`, bytes, bytes),
    });
  }
  const { bytes = 0, sha256 = "" } = record.files[name] ?? {};
  yield {
    ...{ dataset: source.name, file: `${source.unpackTo}/`, path: unpacked },
    ...{ bytes, sha256, from: `${folder}/${name}` },
    state: isUnpacked ? "present" : "downloaded",
  };
}

async function* getMissing(
  source: Source,
  missing: Map<string, SourceFile>,
  folder: string,
  record: DownloadRecord,
  { from, mirror, ...options }: Omit<DownloadOptions, "folder" | "acceptLicence">,
): AsyncGenerator<string, void> {
  const addresses = from ? [from] : [...mirror ? [mirror] : [], ...source.mirrors];
  const reasons: string[] = [];
  for (const address of addresses) {
    if (missing.size === 0) return;
    const place = await placeOf(address, source.files);
    const wanted = [...missing.values()].map((file) => ({
      ...file,
      ...record.expected(file.name, file),
    }));
    const failures = new Map<string, string[]>();
    for await (const delivery of place(wanted, folder, options)) {
      const { name } = delivery.file;
      if ("failure" in delivery) {
        const { reason, kind } = delivery.failure;
        const hint = kind === "checksum" && record.files[name] &&
          `; if the publisher has a new version, delete "${folder}/${RECORD_FILE}"`;
        const why = `${reason}${hint || ""}`;
        const names = HOPELESS.has(kind) ? wanted.map(({ name }) => name) : [name];
        failures.set(why, [...failures.get(why) ?? [], ...names]);
        continue;
      }
      await record.add(name, delivery);
      missing.delete(name);
      yield name;
    }
    for (const [reason, names] of failures) {
      const isForAll = names.length >= wanted.length;
      reasons.push(`${address}: ${reason}${isForAll ? "" : ` (for ${list(names)})`}`);
    }
  }
  if (missing.size === 0) return;
  const what = missing.size === source.files.length ? "its files" : list(missing.keys());
  throw new DownloadError(
    "nowhere",
    source.name,
    `no address has ${what}: ${
      reasons.join("; ")
    }; if you can get it elsewhere, run "deno task download ${source.name} --from <folder, zip, tar.gz or URL>"`,
  );
}

function list(names: Iterable<string>): string {
  return Array.from(names, (name) => `"${name}"`).join(", ");
}

/**
 * Locks a file, and tries for a second: a program that this process is just about to start
 * holds what was open before, also a lock that has been given free here.
 */
async function lockSoon(file: Deno.FsFile): Promise<boolean> {
  for (let wait = 10; wait < 1000; wait *= 2) {
    if (await file.tryLock(true)) return true;
    await new Promise<void>((resolve) => setTimeout(resolve, wait));
  }
  return await file.tryLock(true);
}
