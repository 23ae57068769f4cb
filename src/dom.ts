/**
 * Makes elements of a page. Texts are set as texts, so that none is read as HTML.
 *
 * @module
 */

type Child = Node | string | undefined | false;

/** The attributes of an element. */
export type Attributes = Record<string, string | number | boolean | undefined>;

/**
 * Makes an element.
 *
 * @param name Its name.
 * @param attributes Its attributes; those that are undefined or false are left out.
 * @param children What it contains.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children.filter((child): child is Node | string => !!child));
  return made;
}

/** Makes an element of a drawing. */
export function svgElement(name: string, attributes: Attributes = {}): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  setAttributes(made, attributes);
  return made;
}

function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      target.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

/**
 * A drawing as an element. It is parsed as XML of its own, so that nothing in it could run,
 * and its colours come from the page's style sheet.
 *
 * @param svg The text of the drawing.
 */
export function drawingOf(svg: string): Element {
  // All text in it is escaped, so this is the drawing's own style.
  const plain = svg.replace(/<style>[^]*?<\/style>/, "");
  const { documentElement } = new DOMParser().parseFromString(plain, "image/svg+xml");
  return document.adoptNode(documentElement);
}

/**
 * A figure with a chart, its numbers and its downloads, as the server writes it.
 *
 * @param html The text of one `figure`, in which all names are escaped.
 */
export function figureOf(html: string): Element {
  // A content-security policy lets scripts set styles, but not attributes.
  const plain = html.replace(/<(svg|div)([^<>]*) style="/g, '<$1$2 data-style="');
  const { body } = new DOMParser().parseFromString(plain, "text/html");
  const figure = document.adoptNode(body.firstElementChild!);
  for (const each of figure.querySelectorAll<SVGElement>("[data-style]")) {
    each.style.cssText = each.dataset.style!;
  }
  return figure;
}

/** The element of an id, which the page has. */
export function byId<Kind extends Element = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Element as Kind;
}

/** A probability as a percentage. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * Text that is written from right to left must not reorder what stands beside it.
 *
 * @param text Any text.
 * @param attributes Of the element.
 */
export function isolated(text: string, attributes: Attributes = {}): HTMLElement {
  return element("bdi", attributes, text);
}

/** As {@linkcode isolated}, of a name that may be broken behind each underscore. */
export function breakable(name: string, attributes: Attributes = {}): HTMLElement {
  const [first, ...others] = name.split(/(?<=_)/);
  const made = isolated(first, attributes);
  made.append(...others.flatMap((part) => [element("wbr"), part]));
  return made;
}
