/**
 * Shapes of furniture and of things on walls.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import { choose, type Shape } from "./pen.ts";

const WOOD = ["#b07a48", "#8e5f38", "#c99a66"];
const CLOTH = ["#5b7f95", "#a95c4f", "#7d8f5a", "#8a6bb0"];

function tableLike(top: string, front: string, hasDrawers: boolean): Shape {
  return (pen) => {
    for (const x of [0.04, 0.9]) pen.rect(x, 0.3, x + 0.06, 1, front);
    if (hasDrawers) {
      pen.rect(0.66, 0.34, 0.96, 0.9, front);
      for (const y of [0.42, 0.6, 0.78]) pen.line([0.76, y, 0.86, y], "#00000066", 0.02);
    }
    pen.shape([0.05, 0, 0.95, 0, 1, 0.32, 0, 0.32], top);
    pen.rect(0, 0.32, 1, 0.42, front);
  };
}

function screen(frame: string, inside: string): Shape {
  return (pen) => {
    pen.rect(0, 0, 1, 0.88, frame, 0.06);
    pen.rect(0.04, 0.06, 0.96, 0.8, inside, 0.04);
    pen.shape([0.1, 0.7, 0.5, 0.12, 0.64, 0.12, 0.24, 0.7], "#ffffff33");
    pen.rect(0.42, 0.86, 0.58, 0.96, frame);
    pen.rect(0.28, 0.94, 0.72, 1, frame, 0.4);
  };
}

/** Shapes of furniture and of things on walls. */
export const FURNITURE = {
  chair: (pen, { tone }) => {
    const wood = choose(WOOD, tone);
    pen.rect(0.12, 0, 0.88, 0.5, wood, 0.14);
    for (const x of [0.28, 0.46, 0.64]) pen.rect(x, 0.08, x + 0.08, 0.44, "#00000022");
    for (const x of [0.12, 0.8]) pen.rect(x, 0.5, x + 0.08, 1, wood);
    pen.rect(0.06, 0.5, 0.94, 0.6, "#7a4f2c", 0.3);
  },
  toilet: (pen) => {
    pen.rect(0.16, 0, 0.84, 0.42, "#f2f5f7", 0.12);
    pen.rect(0.42, 0.1, 0.58, 0.15, "#a9b4bd", 0.5);
    pen.blob([
      0.1,
      0.48,
      0.1,
      0.86,
      0.34,
      0.86,
      0.3,
      1,
      0.3,
      1,
      0.5,
      1,
      0.7,
      1,
      0.7,
      1,
      0.66,
      0.86,
      0.9,
      0.86,
      0.9,
      0.48,
    ], "#e6ebef");
    pen.oval(0.5, 0.48, 0.42, 0.09, "#ffffff");
    pen.oval(0.5, 0.48, 0.28, 0.05, "#b9c7d1");
  },
  couch: (pen, { tone }) => {
    const cloth = choose(CLOTH, tone);
    pen.rect(0.04, 0, 0.96, 0.7, cloth, 0.16);
    pen.line([0.5, 0.1, 0.5, 0.55], "#00000033", 0.015);
    pen.rect(0.06, 0.54, 0.94, 0.86, cloth, 0.2);
    pen.rect(0.06, 0.54, 0.94, 0.86, "#ffffff33", 0.2);
    for (const x of [0, 0.88]) pen.rect(x, 0.3, x + 0.12, 0.9, cloth, 0.35);
    for (const x of [0.06, 0.88]) pen.rect(x, 0.88, x + 0.06, 1, "#4a3526");
  },
  bench: (pen, { tone }) => {
    const wood = choose(WOOD, tone);
    for (const y of [0.02, 0.18]) pen.rect(0.02, y, 0.98, y + 0.12, wood, 0.3);
    for (const x of [0.08, 0.86]) pen.rect(x, 0, x + 0.05, 1, "#3f4348");
    pen.rect(0, 0.46, 1, 0.58, wood, 0.3);
    pen.rect(0, 0.58, 1, 0.64, "#00000044", 0.3);
  },
  table: tableLike("#c48f5a", "#9a6638", false),
  desk: tableLike("#d9c6a8", "#a58a67", true),
  counter: (pen) => {
    pen.rect(0.02, 0.14, 0.98, 1, "#dfe4e6", 0.03);
    for (const x of [0.34, 0.66]) pen.line([x, 0.2, x, 0.96], "#b5bec3", 0.015);
    for (const x of [0.28, 0.6, 0.92]) pen.line([x, 0.48, x, 0.6], "#8b979e", 0.025);
    pen.rect(0, 0, 1, 0.2, "#7f8c92", 0.2);
  },
  sink: (pen) => {
    pen.curve([0.5, 0.6, 0.48, -0.1, 0.68, 0.2], "#9aa7b0", 0.16);
    pen.blob([0, 0.55, 0.06, 1.05, 0.5, 1, 0.94, 1.05, 1, 0.55], "#ffffff");
    pen.oval(0.5, 0.56, 0.48, 0.14, "#d3e6ee");
  },
  fence: (pen) => {
    for (const y of [0.28, 0.6]) pen.rect(0, y, 1, y + 0.11, "#caa677");
    for (let x = 0.02; x < 0.98; x += 0.137) {
      pen.shape([x, 1, x, 0.14, x + 0.03, 0, x + 0.06, 0.14, x + 0.06, 1], "#e3c596");
    }
  },
  lamp: (pen, { tone }) => {
    pen.rect(0.45, 0.45, 0.55, 0.95, "#7a6a55");
    pen.rect(0.25, 0.92, 0.75, 1, "#7a6a55", 0.4);
    pen.shape(
      [0.28, 0, 0.72, 0, 1, 0.5, 0, 0.5],
      choose(["#f2c14e", "#e98a5b", "#e5b567"], tone),
    );
  },
  tv: (pen) => {
    pen.rect(0, 0, 1, 1, "#1f2227", 0.05);
    pen.rect(0.03, 0.05, 0.97, 0.93, "#3d6f8f");
    pen.blob([
      0.03,
      0.93,
      0.25,
      0.4,
      0.5,
      0.7,
      0.75,
      0.95,
      0.97,
      0.6,
      0.97,
      0.93,
      0.97,
      0.93,
      0.5,
      0.93,
      0.03,
      0.93,
    ], "#6fae72");
    pen.disc(0.76, 0.3, 0.12, "#f7d774");
  },
  monitor: screen("#2d3138", "#7fb3d5"),
  mirror: (pen) => {
    pen.rect(0, 0, 1, 1, "#c9a86a", 0.5);
    pen.rect(0.06, 0.06, 0.94, 0.94, "#d6ecf2", 0.48);
    pen.line([0.32, 0.64, 0.6, 0.26], "#ffffff", 0.05);
    pen.line([0.46, 0.7, 0.68, 0.4], "#ffffff", 0.03);
  },
  picture: (pen, { tone }) => {
    pen.rect(0, 0, 1, 1, "#8e5f38");
    pen.rect(0.08, 0.09, 0.92, 0.91, choose(["#f3e3c3", "#cfe3ea", "#f2d4c9"], tone));
    pen.shape([0.08, 0.91, 0.36, 0.4, 0.55, 0.7, 0.7, 0.5, 0.92, 0.91], "#5f8f74");
    pen.disc(0.72, 0.28, 0.1, "#e58a4e");
  },
  window: (pen) => {
    pen.rect(0, 0, 1, 1, "#f4f1ea");
    pen.rect(0.07, 0.07, 0.93, 0.93, "#a9d8ee");
    pen.oval(0.62, 0.3, 0.2, 0.08, "#ffffff");
    pen.rect(0.47, 0.05, 0.53, 0.95, "#f4f1ea");
    pen.rect(0.05, 0.47, 0.95, 0.53, "#f4f1ea");
  },
} satisfies Partial<Record<EntityName, Shape>>;
