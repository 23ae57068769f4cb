/**
 * Builds the page that turns photographs into graphs in the browser.
 *
 * @module
 */

import { listFolders, removeFolder, writeFileAtomically } from "../src/files.ts";
import { siteFiles } from "./_cli/site/files.ts";
import { runTask } from "./_cli/run.ts";

const spec = {
  name: "site",
  summary:
    `Build the page that turns photographs into graphs in the visitor's browser: files for any
static server. The first build fetches the detector's package (68 MB).`,
  positionals: {},
  flags: {
    out: { default: "dist/site", path: "path", help: "Folder to write to" },
    minify: { default: true, help: "Minify the code" },
  },
  examples: ["site", "site --out public"],
} as const;

await runTask(spec, async ({ out, minify, json }) => {
  const files = await siteFiles(minify);
  for (const [path, bytes] of Object.entries(files)) {
    await writeFileAtomically(`${out}/${path}`, bytes);
    if (json) {
      console.log(JSON.stringify({ path: `${out}/${path}`, bytes: bytes.length }));
    }
  }
  // An earlier build's; what is not a part of the site stays.
  for (const folder of await listFolders(out)) {
    const isOlder =
      /^(page|program|detector|network|drawings)-[0-9a-f]{12}$/.test(folder) &&
      !Object.keys(files).some((path) => path.startsWith(`${folder}/`));
    if (isOlder) await removeFolder(`${out}/${folder}`);
  }
  if (json) return;
  const total = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  console.log(
    `${out}: ${Object.keys(files).length} files, ${(total / 1e6).toFixed(1)} MB`,
  );
});
