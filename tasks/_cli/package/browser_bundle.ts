/**
 * Bundles modules for browsers.
 *
 * @module
 */

import { lastName, pathOf } from "../../../src/address.ts";

/**
 * Packages that a browser does without: it decodes photographs itself, and fetches the
 * network of CenterNet alone. Detectors in ONNX and of transformers.js are for Deno; in a
 * browser, call those libraries and pass what they return.
 */
const NOT_FOR_BROWSERS = [
  "npm:@jsquash/*",
  "npm:jpeg-js*",
  "npm:@vladmandic/*",
  "npm:onnxruntime-web*",
  "npm:@huggingface/*",
];

/** Names a package of the library; its file is thrown away. */
const PACKAGES = new URL("../../../src/deps/graph_model_bundled.ts", import.meta.url);

/**
 * Bundles each of some modules with all that it imports. A bundle fetches its other files,
 * such as those of WebAssembly, from its own folder.
 *
 * @param modules Addresses of the modules, whose last names differ.
 * @param base What the addresses are relative to.
 * @param minify Whether to minify the code.
 * @returns The code of each by its last name, which ends in `.js`.
 * @throws {Error} If the bundler finds a fault; the message has its reason.
 */
export async function bundleForBrowsers(
  modules: readonly string[],
  base: string,
  minify: boolean,
): Promise<Record<string, string>> {
  const urls = modules.map((module) => new URL(module, base));
  const { outputFiles = [], errors } = await Deno.bundle({
    entrypoints: [...urls, PACKAGES].map((url) => pathOf(url)),
    outputDir: "dist", // nothing is written there
    platform: "browser",
    external: NOT_FOR_BROWSERS,
    minify,
    write: false,
  });
  const bundles = new Map(outputFiles.map((file) => [lastName(file.path), file.text()]));
  return Object.fromEntries(urls.map((url) => {
    const name = lastName(pathOf(url)), bundle = name.replace(/\.ts$/, ".js");
    const code = bundles.get(bundle);
    if (code === undefined) {
      throw new Error(
        `Cannot bundle "${name}": ${errors[0]?.text ?? "the bundler wrote no file"}`,
      );
    }
    return [bundle, code];
  }));
}
