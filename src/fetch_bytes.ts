/**
 * Fetches a whole file from its address.
 *
 * @module
 */

import { urlOf } from "./address.ts";

/**
 * Fetches a URL, or in Deno reads a path relative to the current folder.
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
  let response: Response;
  try {
    response = await fetch(urlOf(source));
  } catch (cause) {
    throw new TypeError(
      `${cannot} as it cannot be fetched: check the address and the permission to read it`,
      { cause },
    );
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new TypeError(`${cannot}: the server answers ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer()); // Node.js 20 has no bytes()
}
