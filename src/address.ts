/**
 * Addresses and paths: tells them apart and makes each of the other.
 *
 * @module
 */

/** What Node, Deno and Bun have for both; in a browser it is absent. */
interface PathTools {
  pathToFileURL(path: string, options?: { windows?: boolean }): URL;
  fileURLToPath(url: URL, options?: { windows?: boolean }): string;
}

/** The rules for paths; tests choose another system than their own. */
export interface PathOptions {
  /** Whether paths are those of Windows; default: as on this system. */
  windows?: boolean;
}

/** Schemes of addresses; `C:` is none. */
const SCHEME = /^(https?|file|data|blob):/i;

/** Whether text is an address, not a path. */
export function isAddress(text: string): boolean {
  return SCHEME.test(text);
}

/** Whether text is an address that a server answers. */
export function isWebAddress(text: string): boolean {
  return /^https?:/i.test(text);
}

/**
 * The URL of an address or a path. A relative path begins at the current folder; a browser
 * has no paths, so there it is an address relative to the page.
 */
export function urlOf(source: string | URL, options?: PathOptions): URL {
  if (source instanceof URL) return source;
  if (isAddress(source)) return new URL(source);
  const tools = pathTools();
  return tools
    ? tools.pathToFileURL(source, options)
    : new URL(source, globalThis.location?.href);
}

/** The path of a `file:` address; a path stays as it is. */
export function pathOf(source: string | URL, options?: PathOptions): string {
  return source instanceof URL || isAddress(source)
    ? pathTools()!.fileURLToPath(new URL(source), options)
    : source;
}

/**
 * Hides what is secret in web addresses within a text: the query, which may hold a
 * signature, and a password. `https://a.b/c.jpg?…` stays.
 */
export function withoutSecrets(text: string): string {
  return text.replace(
    /(https?:\/\/)(?:[^\s"/?#@]*@)?([^\s"?#]*)(\?[^\s"]*)?/gi,
    (_, scheme, rest, query) => scheme + rest + (query ? "?…" : ""),
  );
}

/** The last part of a path, with slashes of either kind. */
export function lastName(path: string): string {
  return path.replace(/[/\\]+$/, "").replace(/^.*[/\\]/s, "");
}

/**
 * The folder that a file or folder lies in, with slashes of either kind. Unlike
 * `path/..` it exists even if `path` does not.
 */
export function folderOf(path: string): string {
  const bare = path.replace(/[/\\]+$/, "");
  const last = lastName(bare);
  const folder = bare.slice(0, bare.length - last.length);
  return folder.replace(/(?<=[^/\\:])[/\\]+$/, "") || ".";
}

/**
 * The last part of an address's path, decoded; it may be empty. It is safe as the name of
 * a file: a slash or zero that was written as `%2F` or `%00` becomes `_`.
 */
export function fileNameOf(url: string | URL): string {
  const name = new URL(url).pathname.split("/").at(-1)!;
  return decoded(name).replaceAll(/[/\\\0]/g, "_");
}

/** A `%` that is not part of a code stands for itself, as in `50%.zip`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An import would fail in browsers. */
function pathTools(): PathTools | undefined {
  type Process = { getBuiltinModule?(name: string): PathTools };
  const { process } = globalThis as { process?: Process };
  return process?.getBuiltinModule?.("node:url");
}
