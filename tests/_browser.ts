/**
 * Opens pages in Chromium, if it is installed.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { isThere } from "./_programs.ts";

/** Names under which Chromium is installed. */
const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

/** The name of the browser; `undefined` if there is none, which is told. */
export const browser: string | undefined = BROWSERS.find((program) => isThere(program));
if (!browser) console.warn("No Chromium: the test in a browser is skipped");

/** Flags with which Chromium opens nothing but what it is given. */
const FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
  ...["--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
];

/**
 * Renders a page or drawing.
 *
 * @param path The file.
 * @param width Width of the window in pixels.
 * @param height Height of the window.
 * @param isDark Whether the reader prefers a dark scheme.
 * @returns The picture as PNG.
 */
export async function screenshot(
  path: string,
  width: number,
  height: number,
  isDark = false,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir();
  try {
    const { success, stderr } = await new Deno.Command(browser!, {
      args: [
        ...FLAGS,
        "--hide-scrollbars",
        // 0 is dark, 1 is light.
        `--blink-settings=preferredColorScheme=${isDark ? 0 : 1}`,
        `--user-data-dir=${folder}/profile`,
        `--window-size=${width},${height}`,
        `--screenshot=${folder}/page.png`,
        pathToFileURL(path).href,
      ],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readFile(`${folder}/page.png`);
  } finally {
    await removeFolder(folder);
  }
}

/** How to open a page. */
interface PageOptions {
  /** Name of the browser; default: Chromium. `firefox` is asked for by name. */
  program?: string;
  /** Milliseconds until the page must have reported; default 60,000. */
  limit?: number;
}

/** Opens a page and closes it when the page has reported. */
export async function reportOf(
  url: string,
  report: Promise<string>,
  { program = browser!, limit = 60_000 }: PageOptions = {},
): Promise<string> {
  const profile = await Deno.makeTempDir();
  const process = new Deno.Command(program, {
    args: program === "firefox"
      ? ["--headless", "--no-remote", "--profile", profile, url]
      : [
        ...FLAGS,
        `--user-data-dir=${profile}`,
        "--remote-debugging-port=0", // else a headless browser ends when the page is loaded
        url,
      ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("The page reports nothing")), limit);
  try {
    return await Promise.race([report, promise]);
  } finally {
    clearTimeout(timer);
    process.kill("SIGTERM");
    await process.status;
    await removeFolder(profile);
  }
}

/** Removes a folder into which processes that are about to end may still write. */
async function removeFolder(path: string): Promise<void> {
  for (let tries = 50; tries > 0; tries--) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (tries === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
