/**
 * Finds keys that an object of a JSON text repeats, which `JSON.parse` ignores.
 *
 * @module
 */

/** Strings and punctuation; numbers and words are skipped. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Finds the first key that an object of a JSON text repeats.
 *
 * @param json Text that `JSON.parse` accepts.
 * @returns The key, or `undefined` if no object repeats one.
 */
export function findRepeatedKey(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = []; // undefined for a list
  let isKey = false;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : undefined);
      isKey = token === "{";
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token === ",") {
      isKey = open.at(-1) !== undefined;
    } else if (token === ":") {
      isKey = false;
    } else if (isKey) {
      const key: string = JSON.parse(token);
      if (open.at(-1)!.has(key)) return key;
      open.at(-1)!.add(key);
    }
  }
  return undefined;
}
