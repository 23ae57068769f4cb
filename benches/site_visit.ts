/**
 * The built site on a static server, and a visitor of it in Chromium or Firefox.
 *
 * @module
 */

import { type Browser, type Context, launch, type Page } from "./deps_puppeteer.ts";

/** Files of a site by path. */
export type Files = Record<string, Uint8Array>;

const TYPES: Readonly<Record<string, string>> = {
  ...{ html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml" },
  ...{ json: "application/json", wasm: "application/wasm" },
};

/** A static server below a path with a space; `await using` stops it. */
export class SiteServer implements AsyncDisposable {
  /** What was asked for, with sizes. */
  readonly log: { path: string; bytes: number }[] = [];
  /** What it serves; may be replaced. */
  files: Files;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(files: Files) {
    this.files = files;
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => this.#answer(decodeURIComponent(new URL(request.url).pathname)),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/a%20path/`;
  }

  /** Bytes that it has sent. */
  get bytes(): number {
    return this.log.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #answer(pathname: string): Response {
    const path = pathname.replace(/^\/a path\//, "") || "index.html";
    const body = this.files[path] as Uint8Array<ArrayBuffer> | undefined;
    this.log.push({ path, bytes: body?.length ?? 0 });
    if (!body) return new Response("Not found", { status: 404 });
    const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
    return new Response(body, {
      headers: { "content-type": type ?? "application/octet-stream" },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

const FLAGS = [
  ...["--no-sandbox", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update"],
  ...["--disable-sync", "--disable-dev-shm-usage"],
  ...["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
];

/** What each browser is called. */
const NAMES = {
  chrome: ["chromium", "chromium-browser", "google-chrome"],
  firefox: ["firefox", "firefox-esr"],
} as const;

/** Firefox saves files without asking, into the folder of the visitor. */
const PREFERENCES = { "browser.download.folderList": 2 };

/** How a visitor comes. */
export interface VisitOptions {
  /** Width of the window; default 1400. */
  width?: number;
  /** Default: Chromium. */
  browser?: keyof typeof NAMES;
  /** Flags of Chromium; default: no GPU. */
  flags?: readonly string[];
}

/** A browser with one visitor; `await using` closes it. */
export class Visitor implements AsyncDisposable {
  /** Errors and warnings of the console. */
  readonly complaints: string[] = [];
  readonly page: Page;
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(page: Page, browser: Browser, folder: string) {
    this.page = page;
    this.#browser = browser;
    this.#folder = folder;
    page.on("console", (message) => {
      // Chromium says so itself where there is no GPU.
      if (/No available adapters/.test(message.text())) return;
      if (/error|warn/.test(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  /** Opens the site in a window of a width. */
  static async open(
    url: string,
    { width = 1400, browser = "chrome", flags = ["--disable-gpu"] }: VisitOptions = {},
  ): Promise<Visitor> {
    const folder = await Deno.makeTempDir();
    const isChromium = browser === "chrome";
    const program = await launch({
      browser,
      executablePath: await findBrowser(NAMES[browser]),
      args: isChromium ? [...FLAGS, ...flags] : [],
      extraPrefsFirefox: { ...PREFERENCES, "browser.download.dir": folder },
    });
    const context: Context = await program.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width, height: 900 });
    if (isChromium) {
      await context.overridePermissions(new URL(url).origin, ["camera"]);
      const session = await page.createCDPSession();
      await session.send("Page.setDownloadBehavior", {
        ...{ behavior: "allow", downloadPath: folder },
      });
    }
    const visitor = new Visitor(page, program, folder);
    await page.goto(url, { waitUntil: "networkidle0" });
    return visitor;
  }

  /** Clicks an element, wherever it is. */
  async click(selector: string): Promise<void> {
    await this.page.evaluate(
      (selector: string) => document.querySelector<HTMLElement>(selector)!.click(),
      selector,
    );
  }

  /** The text of an element. */
  async text(selector: string): Promise<string> {
    return await this.page.evaluate(
      (selector: string) => document.querySelector(selector)!.textContent.trim(),
      selector,
    );
  }

  /** Gives the page a file. */
  async choose(name: string, bytes: Uint8Array): Promise<void> {
    await Deno.writeFile(`${this.#folder}/${name}`, bytes);
    await (await this.page.$("#file"))!.uploadFile(`${this.#folder}/${name}`);
  }

  /** Waits for the result with a title, or for an error, which is returned. */
  async outcome(title: string): Promise<string | undefined> {
    await this.page.waitForFunction(
      `!document.getElementById("error").hidden ||
        document.documentElement.dataset.state === "result" &&
        document.getElementById("title").textContent === ${JSON.stringify(title)}`,
      { timeout: 170_000 },
    );
    return await this.text("#error-text") || undefined;
  }

  /** Saves the graph as JSON, as a visitor does. */
  // deno-lint-ignore no-explicit-any -- plain data
  async savedGraph(stem: string): Promise<any> {
    await this.click('[aria-label="Save: Graph as JSON"]');
    const path = `${this.#folder}/${stem}.json`;
    for (let tries = 100; tries > 0; tries--) {
      try {
        const graph = JSON.parse(await Deno.readTextFile(path));
        await Deno.remove(path);
        return graph;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    throw new Error(`The page saves no ${stem}.json`);
  }

  /** Serious faults for readers of screens that axe finds in what is shown. */
  async faults(axe: string): Promise<unknown[]> {
    // The debugger's scripts are not bound by the page's policy.
    await this.page.evaluate(axe);
    return await this.page.evaluate(async () => {
      // deno-lint-ignore no-explicit-any -- the script of axe defines it
      const { violations } = await (globalThis as any).axe.run(document, {
        resultTypes: ["violations"],
      });
      // deno-lint-ignore no-explicit-any -- plain data
      return violations.filter(({ impact }: any) => /serious|critical/.test(impact))
        // deno-lint-ignore no-explicit-any -- plain data
        .map(({ id, nodes }: any) => [id, nodes.length, nodes[0].html.slice(0, 200)]);
    });
  }

  /** Pixels by which something sticks out of the window at its side. */
  async excess(): Promise<number> {
    return await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return Math.max(0, scrollWidth - clientWidth);
    });
  }

  /**
   * Milliseconds that processors have worked for all of Chromium so far. On a machine that
   * others use as well it says more than the time that has passed.
   */
  async processorTime(): Promise<number> {
    const session = await this.#browser.target().createCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return processInfo.reduce(
      (sum: number, { cpuTime }: { cpuTime: number }) => sum + 1000 * cpuTime,
      0,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Where Chromium is. */
export function findChromium(): Promise<string> {
  return findBrowser(NAMES.chrome);
}

async function findBrowser(names: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command("which", { args: [...names] }).output();
  const [path] = new TextDecoder().decode(stdout).split("\n");
  if (path) return path;
  throw new Error(
    `Cannot open the page as a browser must be installed: found none of ${
      names.join(", ")
    }`,
  );
}
