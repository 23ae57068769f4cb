/**
 * Downloads the files of a source from its mirrors in order, or from a place that the user
 * names.
 *
 * @module
 */

import { unpack } from "../archive/unpack.ts";
import { exists } from "../files.ts";
import { lockFolder } from "../lock.ts";
import { DownloadError } from "./error.ts";
import { placeOf, type Target } from "./places.ts";
import { DownloadRecord, RECORD_FILE } from "./record.ts";
import type { Source, SourceFile } from "./sources.ts";

/** Where files come from, and where they go. */
export interface DownloadOptions extends Partial<Target> {
  /** Folder for the files; default `data/raw/<name of the source>`. */
  folder?: string;
  /** The only address to try: a folder or an archive, or the URL of one. */
  from?: string;
  /** URL of a folder or an archive to try before the publisher's addresses. */
  mirror?: string;
  /** Whether the user accepts the publisher's terms. */
  acceptLicence?: boolean;
}

/** A checked file in the folder. */
export interface DownloadedFile {
  /** Name of the source. */
  dataset: string;
  /** Name of the file, or of an unpacked folder with a `/` at its end. */
  file: string;
  /** Path of the file or folder. */
  path: string;
  /** Size in bytes; for a folder, that of its archive. */
  bytes: number;
  /** SHA-256 in hexadecimal; for a folder, that of its archive. */
  sha256: string;
  /** Address or path that it came from. */
  from: string;
  /** `"present"` if it existed before. */
  state: "downloaded" | "present";
}

/**
 * Downloads the files of a source. Files that exist already are only checked.
 *
 * @param source The source.
 * @param options Where files come from, where they go, and how to fetch them.
 * @returns Each file as soon as it is complete.
 * @throws {DownloadError} If no address provides a file; the message gives the reason for
 * each address.
 * @throws {Error} If an existing file has the wrong size or checksum, the licence is not
 * accepted, or another process writes to the folder.
 */
export async function* download(
  source: Source,
  options: DownloadOptions = {},
): AsyncGenerator<DownloadedFile, void> {
  const { acceptLicence, ...how } = options;
  const { folder = `data/raw/${source.folder ?? source.name}` } = options;
  if (source.mustAccept && !acceptLicence) {
    throw new Error(
      `Cannot download "${source.name}" as its publisher requires users to accept the terms (${source.licence}); read them, then add --accept-licence`,
    );
  }
  using _lock = await lockFolder(folder);
  const record = await DownloadRecord.open(folder);
  const describe = (name: string, state: DownloadedFile["state"]): DownloadedFile => {
    const { bytes, sha256, from } = record.files[name];
    const path = `${folder}/${name}`;
    return { dataset: source.name, file: name, path, bytes, sha256, from, state };
  };
  const unpacked = source.unpackTo && `${folder}/${source.unpackTo}`;
  const isUnpacked = unpacked !== undefined && await exists(unpacked);
  const missing = new Map<string, SourceFile>();
  for (const file of source.files) {
    if (await record.find(file.name, file)) yield describe(file.name, "present");
    else if (!isUnpacked) missing.set(file.name, file);
  }
  for await (const name of getMissing(source, missing, record, { ...how, folder })) {
    yield describe(name, "downloaded");
  }
  if (!unpacked) return;
  const [{ name }] = source.files;
  if (!isUnpacked) {
    const onProgress = (bytes: number) =>
      how.onProgress?.(`${source.unpackTo}/`, bytes, bytes);
    await unpack(`${folder}/${name}`, unpacked, onProgress);
  }
  const { bytes = 0, sha256 = "" } = record.files[name] ?? {};
  yield {
    ...{ dataset: source.name, file: `${source.unpackTo}/`, path: unpacked },
    ...{ bytes, sha256, from: `${folder}/${name}` },
    state: isUnpacked ? "present" : "downloaded",
  };
}

/** Tries one address after another and yields the name of each file it has fetched. */
async function* getMissing(
  source: Source,
  missing: Map<string, SourceFile>,
  record: DownloadRecord,
  { from, mirror, ...target }: Omit<DownloadOptions, "acceptLicence"> & Target,
): AsyncGenerator<string, void> {
  const addresses = from ? [from] : [...mirror ? [mirror] : [], ...source.mirrors];
  const reasons: string[] = [], errors: DownloadError[] = [];
  for (const address of addresses) {
    if (missing.size === 0) return;
    const place = await placeOf(address, source.files);
    const wanted = Array.from(missing.values(), (file) => ({
      ...file,
      ...record.expected(file.name, file),
    }));
    const failures = new Map<string, string[]>();
    for await (const delivery of place(wanted, target)) {
      const { name } = delivery.file;
      if (!("failure" in delivery)) {
        await record.add(name, delivery);
        missing.delete(name);
        yield name;
        continue;
      }
      const { kind, reason, isHopeless } = delivery.failure;
      errors.push(delivery.failure);
      const hint = kind === "checksum" && record.files[name]
        ? `; if the publisher has a new version, delete "${target.folder}/${RECORD_FILE}"`
        : "";
      const names = isHopeless ? wanted.map(({ name }) => name) : [name];
      failures.set(reason + hint, [...failures.get(reason + hint) ?? [], ...names]);
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
    // One address that may answer later is enough to try again.
    { cause: errors.find(({ isTransient }) => isTransient) ?? errors[0] },
  );
}

function list(names: Iterable<string>): string {
  return Array.from(names, (name) => `"${name}"`).join(", ");
}
