/** Tasks as filters: a line of JSON for each line, in order, and nothing else on stdout. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { byteLines, linesBetween } from "../../../src/byte_lines.ts";
import { DownloadError } from "../../../src/download/error.ts";
import { rangeOf } from "../../../src/job_shard.ts";
import { mergeLines } from "../../../src/pipeline/parts/merge_lines.ts";
import { runFilter } from "../../../tasks/_cli/filter.ts";
import { SAMPLES } from "../../detect/_sample_images.ts";
import { testInFolder } from "../../_in_folder.ts";
import { definitionOf, type Outcome, ROOT, scriptCommand } from "../_run_script.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const encode = (text: string) => new TextEncoder().encode(text);

/** Bytes from an offset on, in pieces. */
async function* chunked(bytes: Uint8Array, size: number, start = 0) {
  for (let at = start; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** Runs a task on lines from stdin. */
async function pipe(
  cwd: string,
  input: string,
  task: string,
  ...args: string[]
): Promise<Outcome> {
  const { script, permissions } = definitionOf(task);
  const options = { permissions, cwd, stdin: "piped" as const };
  const process = scriptCommand(script, ["-", "--lines", ...args], options).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(encode(input));
  await writer.close();
  const { code, stdout, stderr } = await process.output();
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** Runs a filter without stderr. */
async function quietly(...args: Parameters<typeof runFilter>): Promise<void> {
  const { error } = console;
  console.error = () => {};
  try {
    await runFilter(...args);
  } finally {
    console.error = error;
  }
}

Deno.test("byteLines() finds the lines of chunks of any length", async () => {
  const text = "a\n\nlonger ünï\r\nlast";
  for (let size = 1; size <= text.length + 2; size++) {
    const lines = await Array.fromAsync(byteLines(chunked(encode(text), size)), decode);
    assertEquals(lines, ["a", "", "longer ünï\r", "last"], `${size}`);
  }
  assertEquals(await Array.fromAsync(byteLines(chunked(encode(""), 1))), []);
});

testInFolder("filters answer each line, a broken one by its error", async (folder) => {
  const [file, out] = [`${folder}/in.jsonl`, `${folder}/out.jsonl`];
  await Deno.writeTextFile(
    file,
    '{"n":1}\n\n  \noops https://u:p@a.b/c?secret=1\n{"n":3}',
  );
  const options = { task: "predict", command: "", files: [file, file], quiet: true };
  const answer = async (line: Uint8Array) =>
    JSON.stringify({ is: await JSON.parse(decode(line)).n });
  await quietly({ ...options, out }, answer);
  const lines = (await Deno.readTextFile(out)).trimEnd().split("\n");
  const one = [
    { is: 1 },
    // The position is that of JavaScript's own message.
    { error: JSON.parse(lines[1]).error, input: "oops https://a.b/c?…" },
    { is: 3 },
  ];
  assertEquals(lines.map((line) => JSON.parse(line)), [...one, ...one]);
  assert(one[1].error!.includes("is not valid JSON"), one[1].error);

  await Deno.writeTextFile(file, "");
  await quietly({ ...options, out }, answer);
  assertEquals(await Deno.readTextFile(out), "");
});

testInFolder(
  "filters fail at the end if a failure may pass, and write nothing",
  async (folder) => {
    const [file, out] = [`${folder}/in`, `${folder}/out`];
    await Deno.writeTextFile(file, "1\n2\n3\n");
    const asked: string[] = [];
    const answer = (line: Uint8Array) => {
      asked.push(decode(line));
      const busy = new DownloadError("status", "http://a.b/?x", "answered 503", {
        status: 503,
      });
      return decode(line) === "2" ? Promise.reject(busy) : Promise.resolve('"x"');
    };
    const run = () =>
      quietly({ task: "predict", command: "", files: [file], out, quiet: true }, answer);
    const { message, cause } = await assertRejects(run, Error);
    assertEquals(message.slice(0, 40), "Cannot answer 1 of 3 lines now, as said ");
    assert(cause instanceof DownloadError && cause.isTransient);
    assertEquals(asked, ["1", "2", "3"], "the others are answered");
    await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
  },
);

/** Lines of many lengths: parts begin within lines, at them and after them. */
const TEXTS = Array.from({ length: 23 }, (_, i) => "x".repeat(i * 7 % 11) + i);

Deno.test("linesBetween() gives each line to one of the parts", async () => {
  for (const text of [TEXTS.join("\n"), `${TEXTS.join("\n")}\n`, "", "\n", "\n\na"]) {
    const bytes = encode(text);
    const all = text === "" ? [] : text.replace(/\n$/, "").split("\n");
    const read = (start: number) => chunked(bytes, 3, start);
    for (const count of [1, 2, 3, 5, 7, 64, bytes.length || 1, bytes.length + 2]) {
      const lines: string[] = [];
      for (let index = 1; index <= count; index++) {
        const { first, end } = rangeOf({ index, count }, bytes.length);
        for await (const line of linesBetween(read, first, end)) lines.push(decode(line));
      }
      assertEquals(lines, all, `${count} parts of ${JSON.stringify(text)}`);
    }
  }
});

testInFolder(
  "filters of parts of a file answer together what one answers",
  async (folder) => {
    const file = `${folder}/in`, out = `${folder}/out.jsonl`;
    await Deno.writeTextFile(file, TEXTS.join("\n"));
    const options = { task: "predict", command: "", files: [file], quiet: true, out };
    const answer = (line: Uint8Array) => Promise.resolve(`"${decode(line)}"`);
    await runFilter(options, answer);
    const one = await Deno.readTextFile(out);
    assertEquals(one, TEXTS.map((text) => `"${text}"\n`).join(""));
    for (const count of [1, 2, 7, 64]) {
      const parts: string[] = [];
      for (let index = 1; index <= count; index++) {
        await runFilter({ ...options, shard: { index, count } }, answer);
        parts.push(`${folder}/out.${index}-of-${count}.jsonl`);
      }
      assertEquals(await mergeLines(parts.reverse(), `${folder}/all.jsonl`), count);
      assertEquals(await Deno.readTextFile(`${folder}/all.jsonl`), one, `${count}`);
    }
  },
);

testInFolder("detect --lines takes paths; no line gives no line", async (folder) => {
  await Deno.writeTextFile(
    `${folder}/detector.ts`,
    `export default ({ width: imageWidth, height: imageHeight }) =>
      ({ imageWidth, imageHeight, classes: ["man"], boxes: [0, 0, 9, 9], beliefs: [1] });`,
  );
  await Deno.writeFile(`${folder}/a b.jpg`, SAMPLES.rgb);
  await Deno.writeFile(`${folder}/c.jpg`, SAMPLES.turnedWebp);
  const own = ["--detector", "detector.ts"];
  const { code, stdout, stderr } = await pipe(
    folder,
    'a b.jpg\r\n"none.jpg"\n{"image":"c.jpg"}\n{"boxes":[]}\n',
    "detect",
    ...own,
  );
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(
    lines.map(({ image, imageWidth, input }) => [image ?? input, imageWidth]),
    [["a b.jpg", 24], ['"none.jpg"', undefined], ["c.jpg", 16], [
      '{"boxes":[]}',
      undefined,
    ]],
  );
  assertEquals([code, stderr.split("\n").length], [0, 2 + 1 + 1], stderr);
  assert(
    stderr.startsWith('error: line 2: Cannot read "none.jpg" as there is no such file'),
    stderr,
  );
  assertEquals(await pipe(folder, "", "detect", ...own), {
    code: 0,
    stdout: "",
    stderr: "",
  });
});

testInFolder("predict --lines takes the lines of detect", async (folder) => {
  const image = (name: string, label: string) =>
    JSON.stringify({
      ...{ image: name, imageWidth: 100, imageHeight: 80, classes: [label, "dog"] },
      ...{ boxes: [[1, 2, 30, 40], [5, 5, 60, 70]], beliefs: [[0.9, 0], [0.1, 0.8]] },
    });
  const input = `${image("a.jpg", "man")}\n${image("b.jpg", "man").slice(0, 99)}\n\n${
    image("c.jpg", "horse")
  }\n`;
  const { code, stdout, stderr } = await pipe(
    folder,
    input,
    "predict",
    ...["--checkpoint", `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`],
    ...["--backend", "wasm"],
  );
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ image }) => image), ["a.jpg", undefined, "c.jpg"]);
  assertEquals(lines[1].input, input.split("\n")[1]);
  const labels = lines.filter(({ entities }) => entities).map(({ entities }) =>
    entities.map(({ detected }: { detected: { label: string } }) => detected.label).sort()
  );
  assertEquals(labels, [["dog", "man"], ["dog", "horse"]]);
  assertEquals(code, 0);
  assert(
    /^error: line 2: .*\nwarning: 1 of 3 lines are answered.*\n$/.test(stderr),
    stderr,
  );
});
