/**
 * Renders the pictures anew with which the tests compare drawings; look at each one.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { inFolder } from "../_in_folder.ts";
import { encodePng } from "../deps_png.ts";
import { drawings, KEPT, render } from "./_kept.ts";

await inFolder(async (folder) => {
  for (const [name, picture] of Object.entries(await render(await drawings(), folder))) {
    const path = fileURLToPath(new URL(`${name}.png`, KEPT));
    await Deno.writeFile(path, await encodePng(picture));
    console.log(path);
  }
});
