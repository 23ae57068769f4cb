/**
 * How values and text from outside are shown in an error.
 *
 * @module
 */

/** Longest text of a value in an error message, in characters. */
const MAX_LENGTH = 60;

/**
 * Formats a value as JSON, shortened (what is no JSON, such as a function, by its kind): objects, and lists within a list, become `{...}`
 * and `[...]`.
 *
 * @param value A JSON value, or `undefined`, which becomes `nothing`.
 * @returns One line of at most 60 characters.
 *
 * @example
 * ```ts
 * import { showValue } from "./show_value.ts";
 * if (showValue([1, "a", {}]) !== `[1,"a",{...}]`) throw new Error();
 * ```
 */
export function showValue(value: unknown): string {
  const items = Array.isArray(value) ? value.slice(0, MAX_LENGTH) : [value];
  const text = items.map(showItem).join(",");
  const shown = Array.isArray(value) ? `[${text}]` : text;
  return shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH - 3)}...` : shown;
}

function showItem(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "[...]";
  if (typeof value === "object" && value !== null) return "{...}";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function" || typeof value === "symbol") {
    return `a ${typeof value}`;
  }
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/**
 * Escapes control and invisible characters, with which text from outside could change
 * what a terminal shows.
 *
 * @param text Such as the title of a web page, or a name in an archive.
 * @returns The text, with `\u{1b}` in place of the character with that number.
 */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
