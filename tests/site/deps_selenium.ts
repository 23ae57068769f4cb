/**
 * The npm package that drives a browser by the WebDriver protocol, which is how WebKit is
 * driven. What tests use of it is declared here.
 *
 * @module
 */

/** As a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:selenium-webdriver@4.49.0";

/** A window of a browser. */
export interface Driver {
  get(url: string): Promise<void>;
  findElement(by: unknown): Promise<{ sendKeys(text: string): Promise<void> }>;
  /** The script is the body of a function; its result is plain data. */
  // deno-lint-ignore no-explicit-any -- as above
  executeScript(script: string): Promise<any>;
  /** The script calls its last argument with the result. */
  // deno-lint-ignore no-explicit-any -- plain data
  executeAsyncScript(script: string): Promise<any>;
  wait(condition: () => Promise<boolean>, timeout: number): Promise<boolean>;
  navigate(): { refresh(): Promise<void> };
  quit(): Promise<void>;
}

/** Opens WebKit's MiniBrowser by a driver that listens at an address. */
export async function openMiniBrowser(address: string): Promise<Driver> {
  const { Builder } = await import(PACKAGE);
  return await new Builder().usingServer(address)
    .withCapabilities({ browserName: "MiniBrowser" }).build();
}

/** The element with an id. */
export async function byId(id: string): Promise<unknown> {
  const { By } = await import(PACKAGE);
  return By.id(id);
}
