/**
 * The npm package with a document where there is no browser: charts are drawn into it, and
 * XML is read by it. `mod.ts` does not load it.
 *
 * @module
 */

/** The package; as a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:linkedom@0.18.12";

/** An element of a document, as far as readers of XML look at it. */
export interface XmlElement {
  readonly tagName: string;
  readonly children: Iterable<XmlElement>;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly textContent: string;
}

/** Loads the package, and makes an empty page. */
export async function loadDocument(): Promise<unknown> {
  const { parseHTML } = await import(PACKAGE);
  return parseHTML("<html></html>").document;
}

/** Loads the package, and parses XML; the root is null if there is none. */
export async function parseXml(text: string): Promise<XmlElement | null> {
  const { DOMParser } = await import(PACKAGE);
  return new DOMParser().parseFromString(text, "text/xml").documentElement;
}
