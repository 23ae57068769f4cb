/**
 * Python literals, the text in the header of a `.npy` file.
 *
 * @module
 */

/** Lists in lists deeper than this are refused. */
const DEEPEST = 64;

/**
 * Reads a literal of strings, whole numbers, `True`, `False`, `None`, tuples, lists and
 * dicts.
 *
 * @param text The literal.
 * @param name Of the file, for errors.
 * @returns Arrays for tuples and lists, a `Map` for a dict.
 * @throws {SyntaxError} If it is anything else.
 */
export function parsePythonLiteral(text: string, name: string): unknown {
  const token =
    /\s*(?:([()[\]{},:])|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|(-?\d{1,19})L?|(True|False|None))/y;
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(
      `Cannot read "${name}": the header is no Python literal at character ${at}`,
    );
  };
  const read = () => {
    token.lastIndex = at;
    const match = token.exec(text) ?? fail();
    at = token.lastIndex;
    return match;
  };
  const value = parse(0);
  if (text.slice(at).trim() !== "") fail();
  return value;

  function parse(depth: number, match = read()): unknown {
    const [, mark, single, double, digits, word] = match;
    if (digits !== undefined) return Number(digits);
    if (word !== undefined) return word === "None" ? undefined : word === "True";
    const string = single ?? double;
    if (string !== undefined) return string.replace(/\\(['"\\])/g, "$1");
    if (depth > DEEPEST) return fail();
    if (mark === "{") {
      return new Map(parseItems("}", depth, true) as [unknown, unknown][]);
    }
    if (mark === "[") return parseItems("]", depth, false);
    return mark === "(" ? parseItems(")", depth, false) : fail();
  }

  function parseItems(close: string, depth: number, isDict: boolean): unknown[] {
    const items: unknown[] = [];
    for (;;) {
      let match = read();
      if (match[1] === close) return items;
      const item = parse(depth + 1, match);
      if (isDict) {
        if (read()[1] !== ":") fail();
        items.push([item, parse(depth + 1)]);
      } else items.push(item);
      match = read();
      if (match[1] === close) return items;
      if (match[1] !== ",") fail();
    }
  }
}
