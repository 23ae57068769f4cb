/**
 * Opens pages in Chromium, if it is installed.
 *
 * @module
 */

import { isThere } from "./_programs.ts";

/** Names under which Chromium is installed. */
const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

/** The name of the browser; `undefined` if there is none, which is told. */
export const browser: string | undefined = BROWSERS.find(isThere);
if (!browser) console.warn("No Chromium: the test in a browser is skipped");

/** Opens a page and closes it when the page has reported; `firefox` is asked for by name. */
export async function reportOf(
  url: string,
  report: Promise<string>,
  program: string = browser!,
): Promise<string> {
  const profile = await Deno.makeTempDir();
  const process = new Deno.Command(program, {
    args: program === "firefox"
      ? ["--headless", "--no-remote", "--profile", profile, url]
      : [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
        ...["--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
        `--user-data-dir=${profile}`,
        "--remote-debugging-port=0", // else a headless browser ends when the page is loaded
        url,
      ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("The page reports nothing")), 60_000);
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
