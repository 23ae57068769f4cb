/**
 * A task that fails in the way that its argument names.
 *
 * @module
 */

import { progressBar } from "../../../tasks/_cli/progress.ts";
import { runTask } from "../../../tasks/_cli/run.ts";
import { writeFileAtomically } from "../../../src/files.ts";

await runTask({
  name: "sample",
  summary: "Do something for a test.",
  positionals: { way: { help: "What happens" } },
  flags: { path: { default: "", help: "A file" } },
  examples: ["sample error"],
}, async ({ way, path, ...options }) => {
  if (way === "print") console.log(JSON.stringify({ way, path, ...options }));
  if (way === "error") throw new RangeError("Cannot do it:\n  found 0");
  if (way === "string") throw "no error at all";
  if (way === "read") await Deno.readTextFile(path);
  if (way === "full") await Deno.writeTextFile("/dev/full", "text");
  if (way === "port") {
    using first = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const { port } = first.addr as Deno.NetAddr;
    Deno.listen({ port, hostname: "127.0.0.1" });
  }
  if (way === "progress") {
    const bar = progressBar("count", "images", options);
    for (let i = 1; i <= 3; i++) bar.update(i, 3);
    bar.done();
  }
  if (way === "write") {
    await writeFileAtomically(path, slowly());
  }
});

async function* slowly() {
  for (let i = 0; i < 600; i++) {
    yield new Uint8Array(10);
    if (i === 3) console.log("begun");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
