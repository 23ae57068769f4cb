/**
 * Fetches files ahead of the worker, which then finds them in the browser's cache, and
 * says how far they are.
 *
 * @module
 */

import { chunksOf } from "../../src/streams.ts";
import type { GroupName, SiteFile, SiteFiles } from "../files.ts";

/** How far a group of files is. */
export interface GroupProgress {
  name: GroupName;
  /** Bytes that have come, and all of them. */
  bytes: number;
  total: number;
}

/** Fetches groups of files; what was fetched before is not fetched again. */
export class Downloads {
  readonly #files: SiteFiles["groups"];
  readonly #progress: Record<GroupName, GroupProgress>;
  readonly #fetching = new Map<GroupName, Promise<void>>();

  constructor({ groups }: SiteFiles) {
    this.#files = groups;
    const names = Object.keys(groups) as GroupName[];
    this.#progress = Object.fromEntries(names.map((name) => {
      const total = groups[name].reduce((sum, { bytes }) => sum + bytes, 0);
      return [name, { name, bytes: 0, total }];
    })) as Record<GroupName, GroupProgress>;
  }

  /** How far groups of files are. */
  progressOf(names: readonly GroupName[]): GroupProgress[] {
    return names.map((name) => this.#progress[name]);
  }

  /** Whether an earlier visit has kept all files of groups. */
  async areKept(names: readonly GroupName[]): Promise<boolean> {
    if (!("caches" in globalThis)) return false;
    const paths = names.flatMap((name) => this.#files[name].map(({ path }) => path));
    const kept = await Promise.all(paths.map((path) => caches.match(path)));
    return kept.every((response) => response !== undefined);
  }

  /**
   * Fetches a group of files.
   *
   * @param name The group.
   * @param onProgress Called whenever bytes have come.
   * @throws {Error} If a file cannot be fetched; the message says what to do.
   */
  async fetch(name: GroupName, onProgress: () => void): Promise<void> {
    let fetching = this.#fetching.get(name);
    if (!fetching) {
      const progress = this.#progress[name];
      progress.bytes = 0;
      fetching = Promise.all(this.#files[name].map((file) =>
        fetchFile(file, (bytes) => {
          progress.bytes += bytes;
          this.#onProgress();
        })
      )).then(() => {});
      this.#fetching.set(name, fetching);
      fetching.catch(() => this.#fetching.delete(name)); // to be tried again
    }
    this.#onProgress = onProgress;
    onProgress();
    await fetching;
  }

  /** The one who asked last hears of all that comes. */
  #onProgress: () => void = () => {};
}

async function fetchFile(
  { path, bytes: expected }: SiteFile,
  onBytes: (bytes: number) => void,
): Promise<void> {
  let bytes = 0;
  try {
    const response = await fetch(path);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    for await (const chunk of chunksOf(response.body!)) {
      bytes += chunk.length;
      onBytes(chunk.length);
    }
    if (bytes !== expected) throw new Error(`found ${bytes} bytes of ${expected}`);
  } catch (cause) {
    const reason = navigator.onLine
      ? (cause as Error).message
      : "this machine has no network";
    throw new Error(
      `Cannot fetch "${path}" as ${reason}: connect to the network and try again`,
      { cause },
    );
  }
}
