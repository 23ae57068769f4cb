/**
 * A pen that draws in fractions of a box, so a shape fits the box of any thing.
 *
 * @module
 */

import type { SceneEntity } from "../scene.ts";

/** Draws one thing. */
export type Shape = (pen: Pen, entity: SceneEntity) => void;

/** Collects SVG elements; all coordinates are fractions of the box, 0 to 1. */
export class Pen {
  readonly #parts: string[] = [];
  readonly #x: number;
  readonly #y: number;
  readonly #isMirrored: boolean;
  /** Width of the box in pixels. */
  readonly width: number;
  /** Height of the box in pixels. */
  readonly height: number;

  /** @param entity The thing: its box, and whether it is mirrored. */
  constructor({ box: [x1, y1, x2, y2], isMirrored }: SceneEntity) {
    this.#x = x1;
    this.#y = y1;
    this.width = x2 - x1;
    this.height = y2 - y1;
    this.#isMirrored = isMirrored;
  }

  /** Draws a rectangle by two corners; `round` is a fraction of the shorter side. */
  rect(x1: number, y1: number, x2: number, y2: number, fill: string, round = 0): void {
    const [left, right] = [this.#at(x1), this.#at(x2)].sort((a, b) => a - b);
    const width = right - left;
    const height = (y2 - y1) * this.height;
    const radius = round * Math.min(width, height);
    this.#parts.push(
      `<rect x="${px(left)}" y="${px(this.#down(y1))}" width="${px(width)}" height="${
        px(height)
      }"${radius > 0 ? ` rx="${px(radius)}"` : ""} fill="${fill}"/>`,
    );
  }

  /** Draws an ellipse by its middle and half axes. */
  oval(x: number, y: number, halfWidth: number, halfHeight: number, fill: string): void {
    this.#parts.push(
      `<ellipse cx="${px(this.#at(x))}" cy="${px(this.#down(y))}" rx="${
        px(halfWidth * this.width)
      }" ry="${px(halfHeight * this.height)}" fill="${fill}"/>`,
    );
  }

  /** Draws a circle; the radius is a fraction of the box's shorter side. */
  disc(x: number, y: number, radius: number, fill: string): void {
    this.#parts.push(
      `<circle cx="${px(this.#at(x))}" cy="${px(this.#down(y))}" r="${
        px(radius * Math.min(this.width, this.height))
      }" fill="${fill}"/>`,
    );
  }

  /** Draws a polygon by x and y of each corner. */
  shape(corners: readonly number[], fill: string): void {
    this.#parts.push(`<polygon points="${this.#points(corners)}" fill="${fill}"/>`);
  }

  /** Draws a line through points; its width is a fraction of the box's shorter side. */
  line(points: readonly number[], stroke: string, width: number): void {
    this.#parts.push(
      `<polyline points="${
        this.#points(points)
      }" fill="none" stroke="${stroke}" stroke-width="${
        px(width * Math.min(this.width, this.height))
      }" stroke-linecap="round" stroke-linejoin="round"/>`,
    );
  }

  /** Draws a closed outline: a start, then a control point and an end for each curve. */
  blob(points: readonly number[], fill: string): void {
    this.#parts.push(`<path d="${this.#curves(points)}Z" fill="${fill}"/>`);
  }

  /** Draws an open line: a start, then a control point and an end for each curve. */
  curve(points: readonly number[], stroke: string, width: number): void {
    this.#parts.push(
      `<path d="${this.#curves(points)}" fill="none" stroke="${stroke}" stroke-width="${
        px(width * Math.min(this.width, this.height))
      }" stroke-linecap="round"/>`,
    );
  }

  /** The elements drawn so far. */
  toString(): string {
    return this.#parts.join("");
  }

  #at(x: number): number {
    return this.#x + (this.#isMirrored ? 1 - x : x) * this.width;
  }

  #down(y: number): number {
    return this.#y + y * this.height;
  }

  #points(corners: readonly number[]): string {
    const pairs: string[] = [];
    for (let i = 0; i < corners.length; i += 2) {
      pairs.push(`${px(this.#at(corners[i]))},${px(this.#down(corners[i + 1]))}`);
    }
    return pairs.join(" ");
  }

  #curves(points: readonly number[]): string {
    const pairs = this.#points(points).split(" ");
    let path = `M${pairs[0]}`;
    for (let i = 1; i + 1 < pairs.length; i += 2) path += `Q${pairs[i]} ${pairs[i + 1]}`;
    return path;
  }
}

/** Chooses a colour by a tone, 0 to 1. */
export function choose(colours: readonly string[], tone: number): string {
  return colours[Math.min(Math.floor(tone * colours.length), colours.length - 1)];
}

/** A second tone, which shows no relation to the first. */
export function otherTone(tone: number): number {
  return (tone * 7.31) % 1;
}

/** A light frame, for a part that the drawing of its whole shows. */
export function outline(pen: Pen): void {
  const around = [0.5, 0, 1, 0, 1, 0.5, 1, 1, 0.5, 1, 0, 1, 0, 0.5, 0, 0, 0.5, 0];
  pen.curve(around, "#ffffffaa", 0.05);
}

/** Formats pixels with at most one decimal. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
