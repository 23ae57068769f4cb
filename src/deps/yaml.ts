/**
 * The npm package that parses YAML, for lists of classes. `mod.ts` does not load it.
 *
 * @module
 */

/** The package; as a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:yaml@2.9.1";

/** Parses YAML; throws what is wrong with it. */
export async function parseYaml(text: string): Promise<unknown> {
  const { parse } = await import(PACKAGE);
  return parse(text);
}
