/**
 * The library as a stranger uses it: imported by its address from an empty folder,
 * where no import map of ours is seen.
 */

import { assertEquals } from "@std/assert";
import { serveFolder } from "./_checkout_server.ts";
import { testInFolder } from "./_in_folder.ts";
import { smallCheckpointBytes } from "./_samples.ts";
import { ROOT } from "./tasks/_run_script.ts";

const PROGRAM = (url: string) => `
import { SceneGraphPredictor, recallAtK, tripletOf } from "${url}mod.ts";

using sgp = await SceneGraphPredictor.load("${url}small.safetensors", { backend: "wasm" });
const graph = await sgp.predict({
  boxes: [[10, 10, 60, 90], [5, 60, 95, 99]],
  imageWidth: 100,
  imageHeight: 100,
  entityLabels: ["man", "horse"],
}, { k: 1 });
const { subject } = tripletOf(graph, graph.relations[0]);
const isName = sgp.vocabulary.entities.includes(subject);
console.log(JSON.stringify([graph.entities.length, isName, typeof recallAtK]));
`;

testInFolder("mod.ts works when it is imported by URL", async (folder) => {
  await using server = serveFolder(ROOT, { "small.safetensors": smallCheckpointBytes() });
  await Deno.writeTextFile(`${folder}/program.ts`, PROGRAM(server.url));
  const { host } = new URL(server.url);
  // A cache of its own for modules of this port, the shared one for npm packages.
  await Deno.mkdir(`${folder}/cache`);
  await Deno.symlink(`${await sharedCache()}/npm`, `${folder}/cache/npm`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--check"],
      ...["--allow-read", `--allow-net=${host}`, `--allow-import=${host}`, "program.ts"],
    ],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_DIR: `${folder}/cache` },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals([code, decode(stdout), decode(stderr)], [0, '[2,true,"function"]\n', ""]);
});

async function sharedCache(): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] });
  const { stdout } = await command.output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
