import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

Deno.test("parseArgs() distinguishes flags with a value, flags without one, and the rest", () => {
  assertEquals(
    parseArgs(["a", "--json", "b", "--seed", "7", "--name=x", "--", "--c"], {
      boolean: ["json", "quiet"],
      string: ["seed", "name"],
    }),
    { _: ["a", "b", "--c"], json: true, quiet: false, seed: "7", name: "x" },
  );
});

Deno.test("parseArgs() switches off only negatable flags", () => {
  const options = { boolean: ["json", "bar"], negatable: ["bar"] };
  assertEquals(parseArgs(["--no-bar"], options), { _: [], json: false, bar: false });
  assertEquals(parseArgs(["--json=false"], options).json, false);
});

Deno.test("parseArgs() leaves out flags that unknown() refuses", () => {
  const seen: unknown[] = [];
  const unknown = (...args: unknown[]) => {
    seen.push(args);
    return false;
  };
  const options = { boolean: ["json"], unknown };
  assertEquals(parseArgs(["--no-json", "--x=1", "-y"], options), { _: [], json: false });
  assertEquals(seen, [["--no-json", "no-json", undefined], ["--x", "x", "1"], [
    "-y",
    "y",
    undefined,
  ]]);
});

Deno.test("parseArgs() keeps unknown flags without unknown()", () => {
  assertEquals(parseArgs(["--x=1"]), { _: [], x: "1" });
});
