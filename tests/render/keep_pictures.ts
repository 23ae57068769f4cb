/**
 * Renders the pictures anew with which the tests compare drawings; look at each one.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { encodePng } from "../deps_png.ts";
import { drawings, KEPT, render } from "./_kept.ts";

const folder = await Deno.makeTempDir();
try {
  for (const [name, picture] of Object.entries(await render(await drawings(), folder))) {
    const path = fileURLToPath(new URL(`${name}.png`, KEPT));
    await Deno.writeFile(path, await encodePng(picture));
    console.log(path);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
