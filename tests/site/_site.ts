/**
 * The site, built once, and what its page says of its files.
 *
 * @module
 */

import type { Files } from "../../benches/site_visit.ts";
import type { SiteFiles } from "../../site/files.ts";
import { siteFiles } from "../../tasks/_cli/site/files.ts";

let built: Promise<Files> | undefined;

/** The site. */
export function builtSite(): Promise<Files> {
  return built ??= siteFiles(true);
}

/** Content as text. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** What a page says of its files. */
export function partsOf(files: Files): SiteFiles {
  const [, json] = textOf(files["index.html"]).match(/id="files">([^<]*)</)!;
  return JSON.parse(json);
}
