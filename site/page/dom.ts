/**
 * Elements of the page.
 *
 * @module
 */

/** The element with an id, which the page has. */
export function element<Type extends Element = HTMLElement>(id: string): Type {
  return document.getElementById(id) as Element as Type;
}

/** Makes an element with text. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { text, ...attributes }: Record<string, string> = {},
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * Shows a drawing. It is parsed as XML of its own, so that nothing in it could run, and its
 * colours come from the page's style sheet.
 */
export function showDrawing(place: Element, svg: string): void {
  // All text in it is escaped, so this is the drawing's own style.
  const plain = svg.replace(/<style>[^]*?<\/style>/, "");
  const { documentElement } = new DOMParser().parseFromString(plain, "image/svg+xml");
  place.replaceChildren(document.importNode(documentElement, true));
}

/** A number of bytes for people, such as `4.2 MB`. */
export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
