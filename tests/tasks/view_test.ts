/** The command of the viewer. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testInFolder } from "../_in_folder.ts";
import { writeWorld } from "../view/_opened_view.ts";
import { definitionOf, runTask, scriptCommand } from "./_run_script.ts";

testInFolder("view serves this machine alone, until Ctrl-C", async (cwd) => {
  await writeWorld(cwd, 2);
  await Deno.mkdir(`${cwd}/checkpoints`);
  const model = "gpi_linguistic_vg_pretrained.safetensors";
  await Deno.copyFile(`checkpoints/${model}`, `${cwd}/checkpoints/${model}`);
  const { script, permissions } = definitionOf("view");
  const net = permissions.filter((flag) => /^--allow-(net|run|all)/.test(flag));
  assertEquals(net, ["--allow-net=127.0.0.1"]);
  const process = scriptCommand(script, ["world", "--json"], { permissions, cwd })
    .spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  const url = new URL(JSON.parse(value!).url);
  assertEquals(url.hostname, "127.0.0.1");
  const { images } = await (await fetch(new URL("/api/images", url))).json();
  assertEquals(images.length, 2);
  const foreign = await fetch(url, { headers: { origin: "http://evil.example" } });
  assertEquals(foreign.status, 403);
  await foreign.body?.cancel();

  const taken = await runTask(cwd, "view", "world", "--port", url.port);
  assertEquals(taken.code, 1);
  assertStringIncludes(taken.stderr, "error: Cannot listen as the port is in use");
  assert(!taken.stderr.includes("evaluate"), "the port is looked at before any work");

  process.kill("SIGINT");
  const [{ code }] = await Promise.all([process.status, process.stderr.cancel()]);
  assertEquals(code, 130);
  await reader.cancel();
});
