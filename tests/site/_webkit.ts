/**
 * A visitor of the site in WebKit: Debian's `webkit2gtk-driver`, on a screen of `xvfb`.
 *
 * @module
 */

import { byId, type Driver, openMiniBrowser } from "./deps_selenium.ts";

/** Programs that it needs. */
export const WEBKIT = ["WebKitWebDriver", "Xvfb"];

/** A browser with one visitor; `await using` closes it. */
export class WebKitVisitor implements AsyncDisposable {
  readonly driver: Driver;
  readonly #programs: readonly Deno.ChildProcess[];
  readonly #folder: string;

  private constructor(
    driver: Driver,
    programs: readonly Deno.ChildProcess[],
    folder: string,
  ) {
    this.driver = driver;
    this.#programs = programs;
    this.#folder = folder;
  }

  /** Opens the site. */
  static async open(url: string): Promise<WebKitVisitor> {
    const folder = await Deno.makeTempDir();
    const programs: Deno.ChildProcess[] = [];
    try {
      const screen = start("Xvfb", ["-displayfd", "1", "-screen", "0", "1400x1000x24"]);
      programs.push(screen);
      const port = freePort();
      // Nothing is kept in the folders of the one who tests.
      const folders = ["CONFIG", "CACHE", "DATA"].map((
        kind,
      ) => [`XDG_${kind}_HOME`, folder]);
      programs.push(start("WebKitWebDriver", [`--port=${port}`], {
        DISPLAY: `:${(await firstLine(screen.stdout)).trim()}`,
        ...Object.fromEntries(folders),
      }));
      const address = `http://127.0.0.1:${port}`;
      await answerOf(address);
      const driver = await openMiniBrowser(address);
      const visitor = new WebKitVisitor(driver, programs, folder);
      await driver.get(url);
      return visitor;
    } catch (error) {
      await end(programs, folder);
      throw error;
    }
  }

  /** Gives the page a file. */
  async choose(name: string, bytes: Uint8Array): Promise<void> {
    const path = `${this.#folder}/${name}`;
    await Deno.writeFile(path, bytes);
    await (await this.driver.findElement(await byId("file"))).sendKeys(path);
  }

  /** Waits for the result with a title, or for an error, which is returned. */
  async outcome(title: string): Promise<string | undefined> {
    const seen = () =>
      this.driver.executeScript(
        `return [document.getElementById("error-text").textContent,
          document.documentElement.dataset.state === "result" &&
            document.getElementById("title").textContent];`,
      );
    await this.driver.wait(async () => {
      const [error, shown] = await seen();
      return error !== "" || shown === title;
    }, 170_000);
    return (await seen())[0] || undefined;
  }

  /** The text of an element. */
  async text(selector: string): Promise<string> {
    return await this.driver.executeScript(
      `return document.querySelector(${JSON.stringify(selector)}).textContent.trim();`,
    );
  }

  /** Saves the graph as JSON; the browser asks where, so the file is taken before it does. */
  // deno-lint-ignore no-explicit-any -- plain data
  async savedGraph(): Promise<any> {
    return JSON.parse(
      await this.driver.executeAsyncScript(
        `const done = arguments[arguments.length - 1], make = URL.createObjectURL;
        URL.createObjectURL = (file) => {
          URL.createObjectURL = make;
          file.text().then(done);
          return make.call(URL, file);
        };
        document.querySelector('[aria-label="Save: Graph as JSON"]').click();`,
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.driver.quit();
    await end(this.#programs, this.#folder);
  }
}

function start(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Deno.ChildProcess {
  return new Deno.Command(program, {
    ...{ args: [...args], env, stdin: "null", stdout: "piped", stderr: "null" },
  }).spawn();
}

async function end(
  programs: readonly Deno.ChildProcess[],
  folder: string,
): Promise<void> {
  for (const program of programs.toReversed()) {
    program.kill();
    await program.stdout.cancel();
    await program.status;
  }
  await Deno.remove(folder, { recursive: true });
}

/** What a program prints first. */
async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return new TextDecoder().decode(value);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until a driver answers. */
async function answerOf(address: string): Promise<void> {
  for (let tries = 100;; tries--) {
    try {
      await (await fetch(`${address}/status`)).body?.cancel();
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
