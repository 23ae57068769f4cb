/**
 * The one door to the file system: everything else in `src/` takes and gives bytes and
 * runs in a browser.
 *
 * @module
 */

/** Files that are being written aside at this moment. */
const partials = new Set<string>();

/** Removes what {@linkcode writeFileAtomically} has begun, for a process that must end. */
export function removePartialFiles(): void {
  for (const path of partials) {
    try {
      Deno.removeSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/**
 * Writes a file so that its final name never shows half of it: aside, flushed to the
 * disk, then renamed. Makes the folder if need be.
 *
 * @param path Where the file ends up.
 * @param data Its bytes or text, or chunks of it.
 * @throws {Error} As the system gives it, with the path: no permission, a full disk. What
 * stood at the path before is then still there.
 */
export async function writeFileAtomically(
  path: string,
  data: Uint8Array | string | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const slash = path.lastIndexOf("/");
  if (slash > 0) await Deno.mkdir(path.slice(0, slash), { recursive: true });
  const aside = `${path}.partial`;
  partials.add(aside);
  try {
    const file = await Deno.open(aside, { write: true, create: true, truncate: true });
    try {
      for await (const chunk of chunksOf(data)) await writeAll(file, chunk, aside);
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(aside, path);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw error;
  } finally {
    partials.delete(aside);
  }
}

async function writeAll(file: Deno.FsFile, chunk: Uint8Array, path: string) {
  try {
    for (let done = 0; done < chunk.length;) {
      done += await file.write(chunk.subarray(done));
    }
  } catch (error) {
    // Deno names the file that cannot be opened, but not the one that cannot be written.
    if (error instanceof Error) error.message += `: write '${path}'`;
    throw error;
  }
}

function chunksOf(
  data: Uint8Array | string | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof data === "string") return [new TextEncoder().encode(data)];
  return data instanceof Uint8Array ? [data] : data;
}

/** Whether a file or folder of that name exists. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Size of a file in bytes, or `undefined` if there is none of that name. */
export async function fileSize(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** All bytes of a file. */
export function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(path);
}

/**
 * Reads a file into memory that is there already.
 *
 * @param path The file.
 * @param buffer Where its bytes go; what does not fit is not read.
 * @returns How many bytes were read.
 */
export async function readFileInto(path: string, buffer: Uint8Array): Promise<number> {
  using file = await Deno.open(path);
  let done = 0;
  while (done < buffer.length) {
    const read = await file.read(buffer.subarray(done));
    if (read === null) break;
    done += read;
  }
  return done;
}

/** The bytes of a file, piece by piece. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await Deno.open(path);
  // The stream closes the file, also if it is left early.
  yield* file.readable;
}

/** A file that is read at any place. */
export interface OpenFile {
  /** Its name, for errors. */
  readonly name: string;
  /** Its size in bytes. */
  readonly size: number;
  /** The bytes from a place on; fewer only at the end of the file. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Opens a file to read it at any place; `using` closes it. */
export async function openFile(path: string): Promise<OpenFile & Disposable> {
  const file = await Deno.open(path);
  const { size } = await file.stat();
  const name = path.slice(path.lastIndexOf("/") + 1);
  return {
    name,
    size,
    // deno-lint-ignore require-await -- synchronous, so that reads do not mix their places
    async read(start, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)));
      file.seekSync(start, Deno.SeekMode.Start);
      for (let done = 0; done < bytes.length;) {
        const read = file.readSync(bytes.subarray(done));
        if (read === null) return bytes.slice(0, done);
        done += read;
      }
      return bytes;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/** Names of the files in a folder, in order; none if there is no such folder. */
export async function listFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile) names.push(name);
    }
  } catch (error) {
    const { NotADirectory, NotFound } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) throw error;
  }
  return names.sort();
}

/** Removes a file; nothing happens if there is none of that name. */
export async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
