/**
 * Shapes of grounds, far things and plants.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import { choose, type Pen, type Shape } from "./pen.ts";

/** Places of tufts and pebbles, irregular but always the same. */
const SPOTS = [
  [0.06, 0.22],
  [0.18, 0.62],
  [0.27, 0.34],
  [0.36, 0.84],
  [0.47, 0.5],
  [0.55, 0.2],
  [0.63, 0.72],
  [0.72, 0.4],
  [0.8, 0.88],
  [0.88, 0.28],
  [0.95, 0.6],
  [0.1, 0.9],
] as const;

function ground(
  colour: string,
  edge: string,
  mark: (pen: Pen, x: number, y: number) => void,
): Shape {
  return (pen) => {
    pen.rect(0, 0, 1, 1, colour);
    pen.rect(0, 0, 1, 0.05, edge);
    for (const [x, y] of SPOTS) mark(pen, x, y);
  };
}

/** Shapes of grounds, far things and plants. */
export const PLACES = {
  grass: ground("#8fbf69", "#7fb05a", (pen, x, y) => {
    pen.line([x - 0.008, y - 0.04, x, y, x + 0.008, y - 0.04], "#6f9f4c", 0.01);
  }),
  sand: ground(
    "#f0dcab",
    "#e3cb92",
    (pen, x, y) => pen.oval(x, y, 0.012, 0.008, "#d8bd83"),
  ),
  snow: ground("#f4f9fd", "#dfeaf3", (pen, x, y) => {
    pen.curve([x - 0.05, y, x, y - 0.03, x + 0.05, y], "#d7e6f0", 0.012);
  }),
  street: (pen) => {
    pen.rect(0, 0, 1, 1, "#8b8f96");
    pen.rect(0, 0, 1, 0.12, "#c4c0b6");
    pen.rect(0, 0.11, 1, 0.135, "#a5a197");
    for (let x = 0.03; x < 0.98; x += 0.17) {
      pen.shape([x, 0.52, x + 0.08, 0.52, x + 0.07, 0.56, x - 0.01, 0.56], "#f2efe6");
    }
  },
  floor: (pen) => {
    pen.rect(0, 0, 1, 1, "#d9b98c");
    for (const y of [0.2, 0.44, 0.72]) pen.line([0, y, 1, y], "#c4a172", 0.012);
    for (const [x, y] of SPOTS) pen.line([x, y, x, y + 0.1], "#c4a172", 0.01);
  },
  wall: (pen, { tone }) => {
    pen.rect(0, 0, 1, 1, choose(["#efe3d0", "#dfe7e2", "#e6dfea", "#f1dcd3"], tone));
    pen.rect(0, 0.95, 1, 1, "#ffffffaa");
  },
  ocean: (pen) => {
    pen.rect(0, 0, 1, 1, "#4fa3c7");
    pen.rect(0, 0, 1, 0.12, "#79bdd9");
    for (const [x, y] of SPOTS) {
      pen.curve([x - 0.05, y, x - 0.025, y - 0.06, x, y], "#d9f0f7", 0.02);
      pen.curve([x, y, x + 0.025, y - 0.06, x + 0.05, y], "#d9f0f7", 0.02);
    }
  },
  mountain: (pen) => {
    pen.shape(
      [0, 1, 0.22, 0.3, 0.34, 0.55, 0.56, 0, 0.78, 0.5, 0.86, 0.36, 1, 1],
      "#8795a6",
    );
    pen.shape([0.56, 0, 0.78, 0.5, 0.86, 0.36, 1, 1, 0.6, 1], "#77869a");
    pen.shape(
      [0.56, 0, 0.48, 0.2, 0.53, 0.26, 0.57, 0.2, 0.62, 0.27, 0.66, 0.22],
      "#ffffff",
    );
    pen.shape([0.22, 0.3, 0.18, 0.44, 0.22, 0.42, 0.27, 0.45], "#ffffff");
  },
  building: (pen, { tone }) => {
    const houses = [[0, 0.22, 0.2], [0.2, 0.02, 0.44], [0.44, 0.3, 0.62]];
    houses.push([0.62, 0.1, 0.82], [0.82, 0.26, 1]);
    const colours = ["#d8a48f", "#b7c4cf", "#e2cfa5", "#a9b8a0", "#cfa9a9"];
    for (const [i, [x1, y, x2]] of houses.entries()) {
      pen.rect(x1, y, x2, 1, colours[(i + Math.floor(5 * tone)) % 5]);
      pen.rect(x1, y, x2, y + 0.03, "#00000022");
      for (let row = y + 0.1; row < 0.84; row += 0.18) {
        for (let x = x1 + 0.03; x < x2 - 0.035; x += 0.055) {
          pen.rect(x, row, x + 0.03, row + 0.1, "#fdf3c9");
        }
      }
    }
  },
  tree: (pen, { tone }) => {
    const leaves = choose(["#4f8f4a", "#3f7f52", "#6fa24a"], tone);
    pen.shape([0.44, 1, 0.46, 0.5, 0.54, 0.5, 0.57, 1], "#7a5436");
    pen.oval(0.5, 0.26, 0.32, 0.26, leaves);
    pen.oval(0.26, 0.42, 0.26, 0.2, leaves);
    pen.oval(0.74, 0.42, 0.26, 0.2, leaves);
    pen.oval(0.42, 0.3, 0.16, 0.12, "#ffffff22");
  },
  "palm tree": (pen) => {
    pen.curve([0.44, 1, 0.4, 0.6, 0.54, 0.24], "#8a6238", 0.08);
    const fronds = [[0, 0.34, 0.2, 0.06], [0.1, 0.1, 0.3, 0], [0.96, 0.12, 0.72, 0]];
    fronds.push([1, 0.38, 0.86, 0.06], [0.3, 0.5, 0.36, 0.2], [0.74, 0.5, 0.74, 0.2]);
    for (const [x, y, bendX, bendY] of fronds) {
      pen.blob(
        [0.54, 0.22, bendX, bendY, x, y, bendX + 0.02, bendY + 0.12, 0.54, 0.26],
        "#3f9150",
      );
    }
    for (const x of [0.5, 0.58]) pen.disc(x, 0.27, 0.05, "#6b4a2a");
  },
  "traffic light": (pen) => {
    pen.rect(0.42, 0.34, 0.58, 1, "#4c5057");
    pen.rect(0.16, 0, 0.84, 0.4, "#2a2d32", 0.2);
    for (
      const [y, colour] of [[0.07, "#e04b3f"], [0.2, "#f0b93a"], [
        0.33,
        "#4caf6a",
      ]] as const
    ) {
      pen.disc(0.5, y, 0.22, colour);
    }
  },
  flower: (pen, { tone }) => {
    const petals = choose(["#e85d75", "#f4a6c0", "#f7c948", "#9b7fd4"], tone);
    pen.line([0.5, 0.35, 0.5, 1], "#4f8f4a", 0.08);
    pen.oval(0.68, 0.72, 0.18, 0.06, "#4f8f4a");
    for (
      const [x, y] of [[0.5, 0.09], [0.24, 0.2], [0.76, 0.2], [0.34, 0.38], [0.66, 0.38]]
    ) {
      pen.disc(x, y, 0.2, petals);
    }
    pen.disc(0.5, 0.24, 0.16, "#fbe28a");
  },
} satisfies Partial<Record<EntityName, Shape>>;
