/**
 * The npm package that checks pages for readers of screens.
 *
 * @module
 */

/** The package's script, for a page; fetched when a test needs it. */
export async function axeScript(): Promise<string> {
  const { source }: { source: string } = (await import(PACKAGE)).default;
  return source;
}

/** As a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:axe-core@4.14.1";
