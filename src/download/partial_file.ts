/**
 * A file on its way: the bytes beside their final name, and a journal of which of them
 * are safely on the disk.
 *
 * @module
 */

import { removeFile } from "../files.ts";

/** One stretch of the file: bytes from `start` to `next` are there, to `end` wanted. */
export interface Span {
  start: number;
  next: number;
  end: number;
}

/** What the journal holds. */
interface Journal {
  url: string;
  validator?: string;
  total: number;
  spans: Span[];
}

/** Bytes after which the journal is written. */
const FLUSH_BYTES = 4 * 1024 * 1024;
/** Milliseconds after which the journal is written. */
const FLUSH_MS = 1000;

/**
 * A file that is being fetched: `<path>.partial` and its journal `<path>.partial.json`.
 * The journal never claims a byte that is not on the disk, so a process that is killed
 * at any moment leaves what the next one goes on with.
 */
export class PartialFile {
  /** Where the bytes lie until they are all there. */
  readonly path: string;
  /** Address the bytes came from. */
  url = "";
  /** What the server said that identifies the file's version. */
  validator: string | undefined;
  /** Size of the file, if the server says it. */
  total: number | undefined;
  /** The stretches, in order, without holes. */
  spans: Span[] = [];
  readonly #finalPath: string;
  readonly #file: Deno.FsFile;
  readonly #flushBytes: number;
  #unflushed = 0;
  #lastFlush = performance.now();
  #flushing: Promise<void> | undefined;

  private constructor(path: string, file: Deno.FsFile, flushBytes: number) {
    [this.#finalPath, this.path] = [path, `${path}.partial`];
    [this.#file, this.#flushBytes] = [file, flushBytes];
  }

  /**
   * Opens what an earlier process left, or a new file.
   *
   * @param path The final name.
   * @param flushBytes After how many bytes the journal is written; default 4 MiB.
   * @returns The file; the caller closes or commits it.
   */
  static async open(path: string, flushBytes = FLUSH_BYTES): Promise<PartialFile> {
    const slash = path.lastIndexOf("/");
    if (slash > 0) await Deno.mkdir(path.slice(0, slash), { recursive: true });
    const file = await Deno.open(`${path}.partial`, { write: true, create: true });
    const partial = new PartialFile(path, file, flushBytes);
    const journal = await readJournal(`${path}.partial.json`);
    const { size } = await file.stat();
    const isThere = ({ start, next }: Span) => next === start || next <= size;
    if (journal?.spans.every(isThere)) Object.assign(partial, journal);
    return partial;
  }

  /** Number of bytes that are there. */
  get done(): number {
    return this.spans.reduce((sum, { start, next }) => sum + next - start, 0);
  }

  /** Stretches that lack something. */
  get missing(): Span[] {
    return this.spans.filter(({ next, end }) => next < end);
  }

  /** Whether every byte is there. */
  get isComplete(): boolean {
    return this.total !== undefined && this.missing.length === 0;
  }

  /** Throws away all bytes; the file is then of the given address, version and size. */
  async restart(url = "", validator?: string, total?: number): Promise<void> {
    await this.#flushing;
    await removeFile(`${this.path}.json`);
    this.#file.truncateSync(0);
    [this.url, this.validator, this.total] = [url, validator, total];
    this.spans = url === "" ? [] : [{ start: 0, next: 0, end: total ?? Infinity }];
  }

  /** Divides the only stretch into several of about one size. */
  split(parts: number): void {
    const size = Math.ceil(this.total! / parts);
    this.spans = Array.from({ length: parts }, (_, i) => {
      const start = i * size;
      return { start, next: start, end: Math.min(start + size, this.total!) };
    });
  }

  /** Takes what is there as the whole, if the server did not say how much there is. */
  finish(): void {
    if (this.total !== undefined) return;
    this.total = this.done;
    this.spans[0].end = this.total;
  }

  /**
   * Writes the next bytes of a stretch; what goes beyond its end is left out.
   *
   * @param span One of {@linkcode spans}.
   * @param chunk Its next bytes.
   */
  async write(span: Span, chunk: Uint8Array): Promise<void> {
    const bytes = chunk.subarray(0, span.end - span.next);
    // Several stretches share one file: no other may move its place in between.
    this.#file.seekSync(span.next, Deno.SeekMode.Start);
    try {
      for (let done = 0; done < bytes.length;) {
        done += this.#file.writeSync(bytes.subarray(done));
      }
    } catch (error) {
      // Deno does not name the file that cannot be written.
      if (error instanceof Error) error.message += `: write '${this.path}'`;
      throw error;
    }
    span.next += bytes.length;
    this.#unflushed += bytes.length;
    const isLate = performance.now() - this.#lastFlush > FLUSH_MS;
    if (this.#unflushed >= this.#flushBytes || isLate) await this.flush();
  }

  /** Puts all bytes so far on the disk, then says so in the journal. */
  flush(): Promise<void> {
    return this.#flushing ??= this.#flush().finally(() => this.#flushing = undefined);
  }

  async #flush(): Promise<void> {
    [this.#unflushed, this.#lastFlush] = [0, performance.now()];
    const { url, validator, total } = this;
    if (total === undefined) return; // such a file cannot be resumed
    const spans = this.spans.map((span) => ({ ...span }));
    await this.#file.syncData();
    const aside = `${this.path}.json.new`;
    await Deno.writeTextFile(aside, JSON.stringify({ url, validator, total, spans }));
    await Deno.rename(aside, `${this.path}.json`);
  }

  /** Gives the file its final name. Nothing more can be written. */
  async commit(): Promise<void> {
    await this.#flushing;
    await this.#file.sync();
    await Deno.rename(this.path, this.#finalPath);
    await removeFile(`${this.path}.json`);
  }

  /** Closes the file; what is there stays for a later process. */
  async close(): Promise<void> {
    await this.#flushing;
    this.#file.close();
    if (this.done > 0) return;
    await removeFile(this.path);
    await removeFile(`${this.path}.json`);
  }
}

async function readJournal(path: string): Promise<Journal | undefined> {
  try {
    const journal: unknown = JSON.parse(await Deno.readTextFile(path));
    return isJournal(journal) ? journal : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return;
    throw error;
  }
}

function isJournal(value: unknown): value is Journal {
  const { url, validator = "", total, spans } = (value ?? {}) as Partial<Journal>;
  if (typeof url !== "string" || typeof validator !== "string") return false;
  if (!Array.isArray(spans)) return false;
  let place = 0;
  for (const { start, next, end } of spans as Span[]) {
    if (start !== place || !(start <= next && next <= end)) return false;
    if (!Number.isSafeInteger(next) || !Number.isSafeInteger(end)) return false;
    place = end;
  }
  return place === total;
}
