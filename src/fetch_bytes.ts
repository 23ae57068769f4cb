/**
 * Fetches files from their addresses.
 *
 * @module
 */

import { urlOf } from "./address.ts";

/** What Node.js has to read files; Deno and Bun fetch them. */
interface NodeFiles {
  readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>;
}

/** The cause of an error: a server's answer other than success. */
export class StatusError extends Error {
  /** `"StatusError"`. */
  override name = "StatusError";
  /** Of HTTP, such as 404. */
  readonly status: number;

  /**
   * @param status Of HTTP.
   * @param server What the message calls the server.
   */
  constructor(status: number, server = "the server") {
    super(`${server} answers ${status}`);
    this.status = status;
  }
}

/**
 * `fetch`, which in Node.js reads files, too.
 *
 * @param url The address.
 * @returns The server's answer, or the file.
 * @throws {Error} If nothing answers, or the file cannot be read.
 */
export async function fetchAddress(url: URL): Promise<Response> {
  const files = url.protocol === "file:" ? nodeFiles() : undefined;
  return files ? new Response(await files.readFile(url)) : await fetch(url);
}

/** An import would fail in browsers. */
function nodeFiles(): NodeFiles | undefined {
  if ("Deno" in globalThis || "Bun" in globalThis) return undefined;
  type Process = { getBuiltinModule?(name: string): NodeFiles };
  const { process } = globalThis as { process?: Process };
  return process?.getBuiltinModule?.("node:fs/promises");
}

/**
 * Fetches a URL, or where there are files reads a path relative to the current folder.
 *
 * @param source The address or path.
 * @param cannot What cannot be done without it, for errors, such as `"Cannot load it"`.
 * @returns The bytes.
 * @throws {TypeError} If it cannot be fetched, or the server answers otherwise.
 */
export async function fetchBytes(
  source: string | URL,
  cannot: string,
): Promise<Uint8Array> {
  let response: Response, bytes: ArrayBuffer | undefined;
  try {
    response = await fetchAddress(urlOf(source));
    // Node.js 20 has no bytes(); a folder fails here.
    if (response.ok) bytes = await response.arrayBuffer();
  } catch (cause) {
    throw new TypeError(
      `${cannot} as it cannot be fetched: check the address and the permission to read it`,
      { cause },
    );
  }
  if (bytes) return new Uint8Array(bytes);
  await response.body?.cancel();
  const cause = new StatusError(response.status);
  throw new TypeError(`${cannot}: ${cause.message}`, { cause });
}
