import assert from "node:assert/strict";
import { type ErrorPlace, findErrors } from "./_errors.ts";
import { readModules, ROOT } from "./_imports.ts";

/** A sentence, also one that begins with words of the caller, or a clause about `it`. */
const BEGINS = /^(Cannot |\$\{|its? |"\$\{)/;
/** A clause, which a caller puts behind the name: `Cannot read "a.h5": it must ...`. */
const IS_CLAUSE = /^(its? |"\$\{)/;
/** A value, a name in quotes, or a flag. */
const NAMES = /\$\{|"[^"]+"|--[a-z]/;
/** What must hold, what there is instead, or what to do. */
const HELPS =
  /\b(must|needs?|at most|at least|only|expected|nearest|found|there are|is not)\b|[;:,] (\w+ the |give|run|use|train|leave|ask|name|check|connect)\b|; \w/;
/** The message ends with a text of the caller, which is no message here. */
const CALLER_ENDS = /\}$/;
/** An error that is passed on: its message was checked where it was made. */
const PASSES_ON =
  /^(\w*[eE]rror|cause|failure|Error\((String\(error\)|event\.message)\))$/;
/** A function that makes the error, in which it is found. */
const CALLS = /^(await )?(this\.#?)?\w+\(/;

/** What an error lacks; `undefined` if nothing. */
function whatLacks({ what, message }: Pick<ErrorPlace, "what" | "message">) {
  if (message === undefined) {
    const isMadeElsewhere = PASSES_ON.test(what) ||
      CALLS.test(what) && !/^\w*Error\(/.test(what);
    return isMadeElsewhere ? undefined : "its message must stand here, as text";
  }
  if (!BEGINS.test(message)) {
    return 'it must begin with "Cannot", or as a clause with "it"';
  }
  if (!NAMES.test(message) && !IS_CLAUSE.test(message)) {
    return "it must name a file, an argument or a value";
  }
  if (!HELPS.test(message) && !CALLER_ENDS.test(message)) {
    return "it must say what must hold, or what to do";
  }
  return undefined;
}

const errorsOf = (path: string) => findErrors(path, Deno.readTextFileSync(ROOT + path));

Deno.test("every error says what cannot be done, by name, and what must hold", () => {
  const errors = [...readModules(["src", "tasks"]).keys()].sort().flatMap(errorsOf);
  // As in `SGP_LIST_ERRORS=1 deno test --allow-read --allow-env tests/errors_test.ts`.
  if (Deno.env.get("SGP_LIST_ERRORS")) {
    for (const { place, what, message } of errors) console.log(place, message ?? what);
  }
  assert(errors.length > 250, `only ${errors.length} errors were found`);
  // Classes whose constructors make the message: it is checked there.
  const own = new Set(errors.flatMap(({ makerOf }) => makerOf ?? []));
  const bad = errors
    .filter(({ what }) => !own.has(what.split("(", 1)[0]))
    .flatMap((error) => {
      const lack = whatLacks(error);
      return lack ? [`${error.place}: ${lack}: ${error.message ?? error.what}`] : [];
    });
  assert.deepEqual(bad, []);
});

Deno.test("findErrors() finds errors that are thrown, returned and called", () => {
  const module = `
    throw new RangeError(\`Cannot read "\${path}"\`);
    const make = () => new TypeError(isA ? "a" : "b" + c);
    throw refused(archive, "it");
    throw "text";
    throw new Error(text);
    class OwnError extends Error { constructor() { super("own"); } }
    // throw new Error("in a comment");
  `;
  assert.deepEqual(
    findErrors("a.ts", module).map(({ place, what, message }) => [
      place,
      message ?? what,
    ]),
    [
      ["a.ts:2", 'Cannot read "${path}"'],
      ["a.ts:3", "a | b${c}"],
      ["a.ts:4", 'refused(archive, "it")'],
      ["a.ts:5", '"text"'],
      ["a.ts:6", "Error(text)"],
      ["a.ts:7", "own"],
    ],
  );
});

Deno.test("the rule for errors refuses messages that help nobody", () => {
  const bad = [
    { what: "Error", message: "unknown format" },
    { what: "Error", message: "Cannot start as it must be fast" },
    { what: "Error", message: 'Cannot read "a"' },
    { what: "Error(text)" },
    { what: '"text"' },
  ];
  for (const error of bad) assert(whatLacks(error), JSON.stringify(error));
  const good = [
    {
      what: "Error",
      message: 'Cannot read "${name}" as it must be JSON: found ${found}',
    },
    { what: "Error", message: "it must be JSON" },
    { what: "error" },
    { what: "refused(archive, why)" },
  ];
  for (const error of good) assert.equal(whatLacks(error), undefined);
});
