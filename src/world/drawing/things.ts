/**
 * Shapes of tableware, food, and things for hands.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import { choose, type Shape } from "./pen.ts";

const GLAZE = ["#e76f51", "#2a9d8f", "#f4f1ea", "#e9c46a", "#577590"];
const COLOURS = ["#d94f3d", "#2f7fb8", "#f0b93a", "#5aa469", "#8a6bb0"];

function bagLike(colours: readonly string[], isBackpack: boolean): Shape {
  return (pen, { tone }) => {
    const colour = choose(colours, tone);
    const handle = isBackpack ? 0.1 : 0.3;
    pen.curve(
      [0.3, handle + 0.06, 0.5, -handle * 0.6, 0.7, handle + 0.06],
      "#4a3526",
      0.07,
    );
    pen.rect(0.06, handle, 0.94, 1, colour, isBackpack ? 0.3 : 0.12);
    if (isBackpack) pen.rect(0.2, 0.56, 0.8, 0.92, "#00000033", 0.2);
    pen.line([0.12, 0.46, 0.88, 0.46], "#ffffff88", 0.03);
  };
}

/** Shapes of tableware, food, and things for hands. */
export const THINGS = {
  cup: (pen, { tone }) => {
    const glaze = choose(GLAZE, tone);
    pen.curve([0.7, 0.35, 1.08, 0.3, 0.94, 0.6, 0.9, 0.8, 0.66, 0.78], glaze, 0.1);
    pen.blob([0.02, 0.12, 0.04, 1, 0.3, 1, 0.5, 1, 0.56, 1, 0.78, 1, 0.8, 0.12], glaze);
    pen.oval(0.41, 0.13, 0.39, 0.12, "#ffffff");
    pen.oval(0.41, 0.14, 0.32, 0.08, "#6b4226");
  },
  bowl: (pen, { tone }) => {
    const glaze = choose(GLAZE, tone);
    pen.blob([0, 0.2, 0.06, 0.95, 0.36, 1, 0.5, 1, 0.64, 1, 0.94, 0.95, 1, 0.2], glaze);
    pen.oval(0.5, 0.2, 0.5, 0.18, "#ffffff");
    pen.oval(0.5, 0.22, 0.43, 0.13, "#d9cbb6");
  },
  glass: (pen) => {
    pen.shape([0.06, 0, 0.94, 0, 0.8, 1, 0.2, 1], "#e3f3fa");
    pen.shape([0.12, 0.36, 0.88, 0.36, 0.79, 0.96, 0.21, 0.96], "#8cc9e8");
    pen.line([0.24, 0.12, 0.32, 0.84], "#ffffff", 0.08);
  },
  plate: (pen) => {
    pen.oval(0.5, 0.55, 0.5, 0.45, "#c9d1d6");
    pen.oval(0.5, 0.46, 0.5, 0.44, "#ffffff");
    pen.oval(0.5, 0.46, 0.34, 0.28, "#e8edf0");
  },
  frisbee: (pen, { tone }) => {
    pen.oval(0.5, 0.55, 0.5, 0.45, "#00000033");
    pen.oval(0.5, 0.46, 0.5, 0.44, choose(COLOURS, tone));
    pen.oval(0.5, 0.42, 0.3, 0.22, "#ffffff55");
  },
  vase: (pen, { tone }) => {
    pen.blob([
      0.3,
      0,
      0.42,
      0.25,
      0.1,
      0.5,
      0,
      0.95,
      0.3,
      1,
      0.5,
      1,
      0.7,
      1,
      1,
      0.95,
      0.9,
      0.5,
      0.58,
      0.25,
      0.7,
      0,
    ], choose(GLAZE, tone));
    pen.curve([0.16, 0.6, 0.5, 0.72, 0.84, 0.6], "#ffffff99", 0.07);
  },
  apple: (pen, { tone }) => {
    const skin = choose(["#d8392f", "#9ac23c", "#e2574c"], tone);
    pen.disc(0.36, 0.6, 0.36, skin);
    pen.disc(0.64, 0.6, 0.36, skin);
    pen.line([0.5, 0.3, 0.54, 0.06], "#5a3a22", 0.07);
    pen.oval(0.68, 0.12, 0.15, 0.08, "#5a9b3c");
    pen.disc(0.3, 0.46, 0.08, "#ffffff88");
  },
  orange: (pen) => {
    pen.disc(0.5, 0.52, 0.47, "#f28c28");
    pen.disc(0.36, 0.36, 0.1, "#ffc27a");
    pen.disc(0.5, 0.1, 0.06, "#4f7f2f");
  },
  ball: (pen, { tone }) => {
    pen.disc(0.5, 0.5, 0.49, "#fbfbfb");
    pen.blob([
      0.06,
      0.3,
      0.5,
      0.5,
      0.94,
      0.3,
      1.06,
      0.6,
      0.94,
      0.7,
      0.5,
      0.5,
      0.06,
      0.7,
      -0.06,
      0.5,
      0.06,
      0.3,
    ], choose(COLOURS, tone));
    pen.disc(0.5, 0.5, 0.1, "#fbfbfb");
  },
  pizza: (pen) => {
    pen.oval(0.5, 0.55, 0.5, 0.45, "#b9792f");
    pen.oval(0.5, 0.48, 0.48, 0.42, "#e0a23c");
    pen.oval(0.5, 0.46, 0.4, 0.33, "#f4d06a");
    for (
      const [x, y] of [[0.3, 0.4], [0.5, 0.62], [0.68, 0.36], [0.5, 0.3], [0.72, 0.58]]
    ) {
      pen.oval(x, y, 0.07, 0.09, "#c23b2c");
    }
  },
  cake: (pen) => {
    pen.rect(0.04, 0.42, 0.96, 1, "#f7d9c4", 0.1);
    pen.rect(0.04, 0.66, 0.96, 0.76, "#d97b8f");
    pen.blob([
      0.04,
      0.4,
      0.04,
      0.66,
      0.2,
      0.58,
      0.36,
      0.72,
      0.5,
      0.58,
      0.66,
      0.72,
      0.8,
      0.58,
      0.96,
      0.66,
      0.96,
      0.4,
    ], "#fff6f0");
    for (const x of [0.28, 0.5, 0.72]) {
      pen.line([x, 0.42, x, 0.2], "#6fa8dc", 0.06);
      pen.oval(x, 0.1, 0.035, 0.08, "#f6b93b");
    }
  },
  fork: (pen) => {
    pen.line([0, 0.5, 0.66, 0.5], "#aab2ba", 0.3);
    for (const y of [0.1, 0.5, 0.9]) {
      pen.line([0.64, 0.5, 0.72, y, 0.98, y], "#aab2ba", 0.16);
    }
  },
  toothbrush: (pen, { tone }) => {
    pen.line([0.02, 0.7, 0.96, 0.7], choose(COLOURS, tone), 0.36);
    pen.rect(0.72, 0, 0.98, 0.55, "#ffffff", 0.1);
  },
  phone: (pen) => {
    pen.rect(0, 0, 1, 1, "#23262b", 0.16);
    pen.rect(0.1, 0.1, 0.9, 0.86, "#79b8e0");
    pen.disc(0.5, 0.93, 0.06, "#c9ced6");
  },
  remote: (pen) => {
    pen.rect(0.14, 0, 0.86, 1, "#3b3f46", 0.3);
    pen.disc(0.5, 0.14, 0.12, "#d8433b");
    for (const y of [0.36, 0.54, 0.72]) {
      for (const x of [0.34, 0.66]) pen.disc(x, y, 0.1, "#d5d9de");
    }
  },
  book: (pen, { tone }) => {
    const cover = choose(COLOURS, tone);
    pen.shape([0, 0.1, 0.5, 0.2, 1, 0.1, 1, 0.94, 0.5, 1, 0, 0.94], cover);
    pen.shape([0.05, 0.04, 0.5, 0.16, 0.5, 0.92, 0.05, 0.84], "#fdf9ee");
    pen.shape([0.95, 0.04, 0.5, 0.16, 0.5, 0.92, 0.95, 0.84], "#f3ecd9");
    for (const y of [0.3, 0.46, 0.62]) {
      pen.line([0.12, y - 0.06, 0.42, y + 0.02], "#9a9284", 0.03);
      pen.line([0.88, y - 0.06, 0.58, y + 0.02], "#9a9284", 0.03);
    }
  },
  keyboard: (pen) => {
    pen.shape([0.05, 0, 0.95, 0, 1, 1, 0, 1], "#4a4f57");
    for (const y of [0.2, 0.5, 0.8]) {
      for (let x = 0.1; x < 0.9; x += 0.1) {
        pen.rect(x, y - 0.1, x + 0.07, y + 0.08, "#e8ebee");
      }
    }
  },
  towel: (pen, { tone }) => {
    const cloth = choose(["#f2a7a0", "#9fd3c7", "#f3dfa2", "#a7bfe8"], tone);
    pen.rect(0.02, 0, 0.98, 1, cloth, 0.06);
    for (const y of [0.14, 0.8]) pen.rect(0.02, y, 0.98, y + 0.07, "#ffffffaa");
  },
  bag: bagLike(["#8a5a2b", "#c0453f", "#345c4d"], false),
  backpack: bagLike(["#2f7fb8", "#d98a29", "#5c6b3c"], true),
  umbrella: (pen, { tone }) => {
    const cloth = choose(COLOURS, tone);
    pen.line([0.5, 0.2, 0.5, 0.92], "#5b4a3a", 0.035);
    pen.curve([0.5, 0.92, 0.5, 1, 0.57, 0.97], "#5b4a3a", 0.035);
    pen.blob([
      0,
      0.46,
      0.06,
      0,
      0.5,
      0.02,
      0.94,
      0,
      1,
      0.46,
      0.83,
      0.36,
      0.66,
      0.46,
      0.5,
      0.36,
      0.34,
      0.46,
      0.17,
      0.36,
      0,
      0.46,
    ], cloth);
    pen.blob([
      0.34,
      0.46,
      0.38,
      0.1,
      0.5,
      0.02,
      0.62,
      0.1,
      0.66,
      0.46,
      0.5,
      0.36,
      0.34,
      0.46,
    ], "#ffffff66");
  },
  kite: (pen, { tone }) => {
    pen.curve([0.5, 0.7, 0.7, 0.85, 0.42, 1], "#6b5a4a", 0.02);
    pen.shape([0.5, 0, 0.88, 0.3, 0.5, 0.76, 0.12, 0.3], choose(COLOURS, tone));
    pen.shape([0.5, 0, 0.88, 0.3, 0.5, 0.3], "#ffffff66");
    pen.shape([0.5, 0.76, 0.12, 0.3, 0.5, 0.3], "#00000022");
  },
} satisfies Partial<Record<EntityName, Shape>>;
