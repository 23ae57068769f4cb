/**
 * A filter as Spark's `pipe` runs it. Spark itself is neither in Debian nor on npm, so this
 * does what its `PipedRDD` does: for each partition it starts the command, without a shell,
 * with the given variables, prints each element as a line, takes each line of the output as
 * an element, and fails if the exit code is not 0.
 */

import { assertEquals, assertRejects } from "@std/assert";
import { serveFiles } from "../download/_file_server.ts";
import { inFolder } from "../_in_folder.ts";
import { definitionOf, ROOT } from "../tasks/_run_script.ts";

/** What the test looks at of an image. */
interface Image {
  id: string;
  boxes: unknown[];
}

/** Elements of a collection, in partitions. */
type Partitions = readonly (readonly string[])[];

/**
 * Pipes partitions through a command, which is split at spaces, as Java's `StringTokenizer`
 * does.
 */
async function pipe(
  partitions: Partitions,
  command: string,
  options: Pick<Deno.CommandOptions, "cwd" | "env">,
): Promise<string[]> {
  const [program, ...args] = command.split(/\s+/);
  const parts = await Promise.allSettled(partitions.map(async (elements) => {
    const process = new Deno.Command(program, {
      ...{ ...options, args, stdin: "piped", stdout: "piped", stderr: "piped" },
    }).spawn();
    const writer = process.stdin.getWriter();
    const text = elements.map((element) => `${element}\n`).join("");
    const written = writer.write(new TextEncoder().encode(text))
      .then(() => writer.close()).catch(() => {}); // a process may end before it reads
    const { code, stdout } = await process.output();
    await written;
    if (code !== 0) throw new Error(`Subprocess exited with status ${code}`);
    return new TextDecoder().decode(stdout).split("\n").slice(0, -1);
  }));
  return parts.flatMap((part) => {
    if (part.status === "rejected") throw part.reason;
    return part.value;
  });
}

Deno.test("Spark's pipe: partitions are answered line by line, a failure fails the job", async () => {
  await inFolder(async (folder) => {
    const mine = await Deno.readFile(`${ROOT}examples/mine.json`);
    const images: Image[] = JSON.parse(new TextDecoder().decode(mine)).images.slice(0, 2);
    const lines = images.map((image) => JSON.stringify(image));
    await using server = serveFiles({ "mine.json": mine });
    const { script, permissions } = definitionOf("preprocess");
    const task = [
      `${Deno.execPath()} run --quiet --no-prompt --config=${ROOT}deno.json`,
      `--lock=${ROOT}deno.lock ${permissions.join(" ")} ${ROOT}${script}`,
    ].join(" ");
    const flags = "json --label-predictor frequency --lines - --raw";
    const run = (raw: string, partitions: Partitions) => {
      const options = { cwd: folder, env: { INIT_CWD: folder } };
      return pipe(partitions, `${task} ${flags} ${raw}`, options);
    };
    // Both processes fetch the file.
    const examples = await run(`${server.url}mine.json`, [lines, []]);
    assertEquals(
      examples.map((text) => JSON.parse(text)).map((example) => [
        ...[example.id, example.split, example.relationLogits.length],
      ]),
      images.map(({ id, boxes }) => [id, "train", boxes.length]),
      "a line each, nothing else, and nothing for an empty partition",
    );
    const failing = () => run(`${server.url}none.json`, [lines]);
    await assertRejects(failing, Error, "exited with status 1");
  });
});
