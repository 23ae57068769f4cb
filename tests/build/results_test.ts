import { assertEquals } from "@std/assert";
import { resultLines } from "../../build/results.ts";
import { RESULTS } from "../../build/result_specs.ts";

Deno.test("resultLines() keeps what commands print, with the command", async () => {
  const ran: string[] = [];
  const spec = { name: "x", takes: "", needs: ["train a"], prints: ["eval a", "eval b"] };
  const lines = await resultLines(spec, (words) => {
    ran.push(words.join(" "));
    return Promise.resolve(words[0] === "eval" ? '{"value":1}\n{"value":2}\n' : "");
  });
  assertEquals(ran, ["train a", "eval a --json", "eval b --json"]);
  assertEquals(lines.trim().split("\n").map((line) => JSON.parse(line)), [
    { command: "deno task eval a", value: 1 },
    { command: "deno task eval a", value: 2 },
    { command: "deno task eval b", value: 1 },
    { command: "deno task eval b", value: 2 },
  ]);
});

Deno.test("resultLines() repeats timings and names the processor", async () => {
  const spec = { name: "x", takes: "", prints: ["bench"], runs: 2 };
  const lines = await resultLines(spec, () => Promise.resolve('{"n":1}\n'));
  const rows = lines.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(rows.map(({ run, n }) => [run, n]), [[1, 1], [2, 1]]);
  assertEquals(typeof rows[0].processor, "string");
});

Deno.test("docs/results has lines of the commands that are listed, and no others", () => {
  const listed = new Map(
    RESULTS.map(({ name, prints }) => [
      `${name}.jsonl`,
      prints.map((command) => `deno task ${command}`),
    ]),
  );
  for (const { name } of Deno.readDirSync("docs/results")) {
    const lines = Deno.readTextFileSync(`docs/results/${name}`).trim().split("\n");
    const commands = new Set(lines.map((line) => JSON.parse(line).command));
    assertEquals([...commands], listed.get(name), name);
  }
});
