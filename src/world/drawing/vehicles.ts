/**
 * Shapes of vehicles, boards, wheels and saddles.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import { choose, outline, type Pen, type Shape } from "./pen.ts";

const PAINT = ["#d94f3d", "#2f7fb8", "#f0b93a", "#5aa469", "#e8e8e8", "#545b66"];
const GLASS = "#bfe3f2";
const TYRE = "#2a2c30";

function tyre(
  pen: Pen,
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
): void {
  pen.oval(x, y, halfWidth, halfHeight, TYRE);
  pen.oval(x, y, halfWidth * 0.55, halfHeight * 0.55, "#c9ced6");
  pen.oval(x, y, halfWidth * 0.2, halfHeight * 0.2, TYRE);
}

function spokes(pen: Pen, x: number, y: number, halfWidth: number, halfHeight: number) {
  const around: number[] = [x + halfWidth, y];
  const corners = [[1, 1, 0, 1], [-1, 1, -1, 0], [-1, -1, 0, -1], [1, -1, 1, 0]];
  for (const [bx, by, ex, ey] of corners) {
    around.push(x + bx * halfWidth, y + by * halfHeight);
    around.push(x + ex * halfWidth, y + ey * halfHeight);
  }
  pen.curve(around, TYRE, 0.055);
  for (const [dx, dy] of [[1, 0], [0, 1], [0.7, 0.7], [0.7, -0.7]]) {
    pen.line(
      [
        x - dx * halfWidth * 0.9,
        y - dy * halfHeight * 0.9,
        x + dx * halfWidth * 0.9,
        y + dy * halfHeight * 0.9,
      ],
      "#9aa1ab",
      0.012,
    );
  }
}

function board(colours: readonly string[], hasWheels: boolean): Shape {
  return (pen, { tone }) => {
    const colour = choose(colours, tone);
    const bottom = hasWheels ? 0.55 : 0.85;
    pen.blob(
      [
        0,
        0.15,
        0.06,
        bottom,
        0.2,
        bottom,
        0.5,
        bottom,
        0.8,
        bottom,
        0.94,
        bottom,
        1,
        0.15,
        0.5,
        0.3,
        0,
        0.15,
      ],
      colour,
    );
    pen.line([0.25, bottom * 0.62, 0.75, bottom * 0.62], "#ffffffaa", 0.14);
    if (!hasWheels) return;
    for (const x of [0.22, 0.78]) pen.disc(x, 0.78, 0.22, TYRE);
  };
}

/** Shapes of vehicles, boards, wheels and saddles. */
export const VEHICLES = {
  car: (pen, { tone }) => {
    const paint = choose(PAINT, tone);
    pen.blob([0.16, 0.5, 0.24, 0.02, 0.42, 0.02, 0.68, 0, 0.8, 0.48], paint);
    pen.shape([0.25, 0.42, 0.31, 0.13, 0.46, 0.11, 0.46, 0.42], GLASS);
    pen.shape([0.5, 0.42, 0.5, 0.11, 0.63, 0.13, 0.72, 0.42], GLASS);
    pen.rect(0, 0.42, 1, 0.84, paint, 0.35);
    pen.rect(0, 0.7, 1, 0.78, "#00000022");
    pen.oval(0.97, 0.54, 0.03, 0.06, "#fff3b0");
    pen.oval(0.02, 0.54, 0.02, 0.06, "#c0392b");
    tyre(pen, 0.19, 0.81, 0.1, 0.19);
    tyre(pen, 0.81, 0.81, 0.1, 0.19);
  },
  truck: (pen, { tone }) => {
    const paint = choose(PAINT, tone);
    pen.rect(0, 0.34, 0.58, 0.8, "#8a6a45", 0.06);
    for (const y of [0.45, 0.57, 0.69]) pen.line([0.02, y, 0.56, y], "#6b4f31", 0.02);
    pen.blob([0.58, 0.8, 0.56, 0, 0.7, 0.04, 0.84, 0.02, 0.86, 0.42], paint);
    pen.rect(0.6, 0.38, 1, 0.82, paint, 0.2);
    pen.shape([0.66, 0.38, 0.67, 0.12, 0.79, 0.12, 0.83, 0.38], GLASS);
    pen.oval(0.97, 0.56, 0.025, 0.06, "#fff3b0");
    tyre(pen, 0.19, 0.81, 0.1, 0.19);
    tyre(pen, 0.81, 0.81, 0.1, 0.19);
  },
  bus: (pen, { tone }) => {
    const paint = choose(["#f0b93a", "#c94a3b", "#3f8f8b"], tone);
    pen.rect(0, 0.02, 1, 0.9, paint, 0.1);
    for (let x = 0.05; x < 0.8; x += 0.155) {
      pen.rect(x, 0.14, x + 0.125, 0.46, GLASS, 0.1);
    }
    pen.rect(0.84, 0.14, 0.97, 0.84, GLASS, 0.1);
    pen.rect(0, 0.56, 0.82, 0.64, "#ffffffcc");
    pen.oval(0.97, 0.76, 0.02, 0.04, "#fff3b0");
    tyre(pen, 0.185, 0.88, 0.06, 0.12);
    tyre(pen, 0.815, 0.88, 0.06, 0.12);
  },
  boat: (pen, { tone }) => {
    pen.line([0.46, 0.72, 0.46, 0.02], "#7a5a3a", 0.03);
    pen.blob([0.49, 0.04, 0.86, 0.4, 0.84, 0.62, 0.7, 0.66, 0.49, 0.62], "#fbf7ee");
    pen.blob(
      [0.43, 0.14, 0.24, 0.4, 0.2, 0.62, 0.3, 0.66, 0.43, 0.62],
      choose(PAINT, tone),
    );
    pen.shape([0, 0.7, 1, 0.7, 0.84, 1, 0.14, 1], "#8b4f2c");
    pen.shape([0, 0.7, 1, 0.7, 0.97, 0.77, 0.03, 0.77], "#f3e9d6");
  },
  bicycle: (pen, { tone }) => {
    const paint = choose(PAINT, tone);
    spokes(pen, 0.2, 0.69, 0.18, 0.29);
    spokes(pen, 0.8, 0.69, 0.18, 0.29);
    pen.line([0.2, 0.69, 0.38, 0.3, 0.7, 0.3, 0.46, 0.7, 0.2, 0.69], paint, 0.05);
    pen.line([0.46, 0.7, 0.36, 0.2], paint, 0.05);
    pen.line([0.8, 0.69, 0.68, 0.12, 0.78, 0.06], paint, 0.05);
    pen.line([0.28, 0.18, 0.44, 0.18], TYRE, 0.07);
    pen.disc(0.46, 0.7, 0.06, TYRE);
  },
  motorcycle: (pen, { tone }) => {
    const paint = choose(PAINT, tone);
    tyre(pen, 0.2, 0.72, 0.18, 0.28);
    tyre(pen, 0.8, 0.72, 0.18, 0.28);
    pen.shape([0.22, 0.7, 0.34, 0.44, 0.64, 0.44, 0.6, 0.78, 0.36, 0.8], "#5d636d");
    pen.blob([0.34, 0.48, 0.36, 0.24, 0.56, 0.26, 0.76, 0.24, 0.7, 0.5], paint);
    pen.rect(0.14, 0.3, 0.46, 0.42, TYRE, 0.5);
    pen.line([0.8, 0.72, 0.68, 0.2, 0.6, 0.08], "#9aa1ab", 0.06);
    pen.disc(0.74, 0.3, 0.08, "#fff3b0");
  },
  skateboard: board(["#d8604a", "#3f8f8b", "#e0a63a"], true),
  snowboard: board(["#6b4f8a", "#d8433b", "#2f7fb8"], false),
  surfboard: board(["#f4d35e", "#f28482", "#84dcc6"], false),
  wheel: outline,
  saddle: (pen) => {
    pen.blob([
      0,
      0.1,
      0.5,
      0.4,
      1,
      0,
      1,
      0.5,
      0.76,
      0.5,
      0.7,
      1,
      0.5,
      1,
      0.3,
      1,
      0.26,
      0.5,
      0,
      0.5,
      0,
      0.1,
    ], "#5a2f1a");
    pen.line([0.5, 0.5, 0.5, 0.9], "#c9a86a", 0.06);
  },
} satisfies Partial<Record<EntityName, Shape>>;
