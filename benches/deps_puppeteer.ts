/**
 * The npm package that drives Chromium and Firefox. Its types would make every check fetch it, so what
 * tests use of it is declared here.
 *
 * @module
 */

/** As a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:puppeteer-core@25.16.0";

/** A message of the console. */
export interface ConsoleMessage {
  type(): string;
  text(): string;
}

/** An element of a page. */
export interface Handle {
  uploadFile(...paths: string[]): Promise<void>;
  click(): Promise<void>;
}

/** What takes the commands of Chromium's developer tools. */
export interface Session {
  // deno-lint-ignore no-explicit-any -- results are plain data
  send(method: string, parameters?: object): Promise<any>;
}

/** A page. */
export interface Page {
  readonly keyboard: { press(key: string): Promise<void> };
  goto(url: string, options?: { waitUntil?: string }): Promise<unknown>;
  reload(options?: { waitUntil?: string }): Promise<unknown>;
  on(event: "console", listen: (message: ConsoleMessage) => void): void;
  on(event: "pageerror", listen: (error: Error) => void): void;
  setViewport(size: {
    width: number;
    height: number;
    isMobile?: boolean;
    hasTouch?: boolean;
    deviceScaleFactor?: number;
  }): Promise<void>;
  emulateMediaFeatures(features: { name: string; value: string }[]): Promise<void>;
  emulateNetworkConditions(
    conditions: { upload: number; download: number; latency: number } | null,
  ): Promise<void>;
  $(selector: string): Promise<Handle | null>;
  // deno-lint-ignore no-explicit-any -- arguments and results are plain data
  evaluate<Result>(run: string | ((...args: any[]) => Result), ...args: unknown[]): // deno-lint-ignore no-explicit-any -- as above
  Promise<any>;
  waitForFunction(
    run: string,
    options?: { timeout?: number; polling?: "raf" | number },
  ): Promise<unknown>;
  waitForFileChooser(): Promise<{ accept(paths: string[]): Promise<void> }>;
  screenshot(options: {
    path: string;
    fullPage?: boolean;
    clip?: { x: number; y: number; width: number; height: number };
  }): Promise<unknown>;
  select(selector: string, value: string): Promise<string[]>;
  createCDPSession(): Promise<Session>;
  close(): Promise<void>;
}

/** Pages that share cookies and caches with no others. */
export interface Context {
  newPage(): Promise<Page>;
  overridePermissions(origin: string, permissions: string[]): Promise<void>;
  close(): Promise<void>;
}

/** A running browser. */
export interface Browser {
  createBrowserContext(): Promise<Context>;
  target(): { createCDPSession(): Promise<Session> };
  close(): Promise<void>;
}

/** How a browser is started. */
export interface LaunchOptions {
  /** Default: Chromium. */
  browser?: "chrome" | "firefox";
  executablePath: string;
  args: readonly string[];
  /** Settings of Firefox. */
  extraPrefsFirefox?: Readonly<Record<string, string | number | boolean>>;
}

/** Starts a browser. */
export async function launch(options: LaunchOptions): Promise<Browser> {
  const { default: puppeteer } = await import(PACKAGE);
  return await puppeteer.launch({ ...options, headless: true });
}
