/**
 * Parts of the drawings: escaping, a colour-blind-safe palette, estimated text widths,
 * and chips of text.
 *
 * @module
 */

/** The palette of Okabe and Ito (2008), distinct for every kind of colour vision. */
const PALETTE = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#f0e442",
] as const;
/** Colours of the palette on which white text is easier to read than black text. */
const DARK: ReadonlySet<string> = new Set(["#0072b2", "#009e73", "#d55e00"]);

/** The palette, dark enough for lines and text on white. */
const INKS = [
  "#005a8e",
  "#946200",
  "#00704f",
  "#a34a7a",
  "#24729f",
  "#a84a00",
  "#7d7500",
] as const;

/** Font of all text, without quotes, as it is the value of an attribute. */
export const FONT = "system-ui, -apple-system, Segoe UI, Roboto, sans-serif";
/** Longest label that is drawn in full, in characters. */
const MAX_LABEL = 32;

/** A rectangle in the units of a drawing. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A point in the units of a drawing. */
export type Point = readonly [x: number, y: number];

/** The colours of an entity: of its box, and of text on that colour. */
export function colorOf(index: number): { fill: string; text: string } {
  const fill = PALETTE[index % PALETTE.length];
  return { fill, text: DARK.has(fill) ? "#ffffff" : "#111111" };
}

/** The colour of an entity's arrows: a dark form of the colour of its box. */
export function inkOf(index: number): string {
  return INKS[index % INKS.length];
}

/** The colour of a line in a chart; the first two are visible on white and on black. */
export function seriesColor(index: number): string {
  return ["#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00"][index % 5];
}

/** Replaces characters that XML cannot contain by U+FFFD. */
export function xmlText(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex -- control characters are the target
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
}

/**
 * Escapes text for XML, in attributes and between tags. Characters that XML cannot contain
 * become U+FFFD.
 */
export function escapeXml(text: string): string {
  return xmlText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Shortens a label to one line of at most 32 characters. */
export function shorten(text: string): string {
  const characters = [...text.replace(/\s+/g, " ")];
  if (characters.length <= MAX_LABEL) return characters.join("");
  return `${characters.slice(0, MAX_LABEL - 1).join("")}…`;
}

/**
 * Keeps text that is written from right to left from reordering what stands beside it; other
 * text stays as it is. Marks of direction are removed.
 */
export function isolate(text: string): string {
  const plain = text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(plain)
    ? `\u2068${plain}\u2069`
    : plain;
}

/** Formats a number with at most one decimal. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Formats a point for path data. */
export function point([x, y]: Point): string {
  return `${round(x)} ${round(y)}`;
}

/** Formats a score as a percentage. */
export function percent(score: number): string {
  return `${(100 * score).toFixed(1)} %`;
}

/** Estimates the width of a text, which only a browser could measure. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) {
    if (character > "\u2e7f") em += 1;
    else if (/[iljtfrI.,:;'| ]/.test(character)) em += 0.36;
    else if (/[mwMW@%]/.test(character)) em += 0.95;
    else em += /[A-Z]/.test(character) ? 0.72 : 0.62;
  }
  return em * fontSize;
}

/** Shortens a text to one line of at most this width. */
export function fitText(text: string, width: number, fontSize: number): string {
  const characters = [...text.replace(/\s+/g, " ")];
  if (textWidth(characters.join(""), fontSize) <= width) return characters.join("");
  while (
    characters.length > 1 && textWidth(`${characters.join("")}…`, fontSize) > width
  ) {
    characters.pop();
  }
  return `${characters.join("")}…`;
}

/** The size of a chip, which is a text with a margin. */
export function chipSize(
  text: string,
  fontSize: number,
): [width: number, height: number] {
  return [textWidth(text, fontSize) + 0.8 * fontSize, 1.45 * fontSize];
}

/** The style of a chip. */
export interface ChipStyle {
  fontSize: number;
  fill: string;
  text: string;
  stroke?: string;
  /** Width of the stroke; default 1.5. */
  strokeWidth?: number;
  /** Opacity of the stroke; default 1. */
  strokeOpacity?: number;
  /** Whether the text is struck through; default false. */
  isStruck?: boolean;
  /** Tooltip. */
  title?: string;
}

/** Draws a chip: a rounded rectangle with a centred text. */
export function chip(rect: Rect, text: string, style: ChipStyle): string {
  const { x, y, width, height } = rect;
  const { strokeWidth = 1.5, strokeOpacity = 1 } = style;
  const stroke = style.stroke
    ? ` stroke="${style.stroke}" stroke-width="${round(strokeWidth)}"` +
      (strokeOpacity < 1 ? ` stroke-opacity="${round(strokeOpacity)}"` : "")
    : "";
  const struck = style.isStruck ? ' text-decoration="line-through"' : "";
  const title = style.title ? `<title>${escapeXml(style.title)}</title>` : "";
  return `<g>${title}<rect x="${round(x)}" y="${round(y)}" width="${
    round(width)
  }" height="${round(height)}" rx="${
    round(Math.min(height / 4, 0.4 * style.fontSize))
  }" fill="${style.fill}"${stroke}/><text x="${round(x + width / 2)}" y="${
    round(y + height / 2)
  }" dy="0.35em" text-anchor="middle" font-size="${
    round(style.fontSize)
  }" fill="${style.text}"${struck}>${escapeXml(text)}</text></g>`;
}

/** Path data of an arrow head that points from `from` to `tip`. */
export function arrowHead(
  from: Point,
  tip: Point,
  size: number,
): string {
  const length = Math.hypot(tip[0] - from[0], tip[1] - from[1]) || 1;
  const [dx, dy] = [(tip[0] - from[0]) / length, (tip[1] - from[1]) / length];
  const back = [tip[0] - size * dx, tip[1] - size * dy];
  const half = 0.45 * size;
  const corners = [
    tip,
    [back[0] - half * dy, back[1] + half * dx],
    [back[0] + half * dy, back[1] - half * dx],
  ];
  return `M${corners.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}Z`;
}
