/**
 * Shapes of animals, their parts, and toys that look like them.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import { choose, outline, type Pen, type Shape } from "./pen.ts";

/** The features of a four-footed animal; places are fractions of its box. */
interface Build {
  coats: readonly string[];
  /** Colour of muzzle, hooves and tail. */
  dark: string;
  /** Upper and lower edge of the trunk. */
  back: number;
  belly: number;
  /** Left and right end of the trunk. */
  rear: number;
  chest: number;
  /** Left, top, right, bottom of the head. */
  head: readonly [number, number, number, number];
  /** Width of a leg, as a fraction of the box's shorter side. */
  leg: number;
  /** Draws spots or stripes; `low` is how far the trunk is lower when lying. */
  marks?: (pen: Pen, low: number) => void;
  ears?: (pen: Pen, coat: string) => void;
}

function fourFooted(build: Build): Shape {
  const { coats, dark, back, belly, rear, chest, head, leg } = build;
  return (pen, { tone, pose }) => {
    const coat = choose(coats, tone);
    const isLying = pose === "lying";
    const isWalking = pose === "walking";
    const [x1, y1, x2, y2] = head;
    const bodyBack = isLying ? back + 0.14 : back;
    const bodyBelly = isLying ? 0.98 : belly;
    if (isLying) {
      pen.line([rear + 0.1, 0.94, rear + 0.3, 0.95], dark, leg);
      pen.line([chest - 0.16, 0.95, chest + 0.1, 0.95], dark, leg);
    } else {
      const stride = isWalking ? 0.07 : 0;
      const feet = [rear + 0.07, rear + 0.17, chest - 0.16, chest - 0.07];
      for (const [i, foot] of feet.entries()) {
        const shade = i % 2 === 1 ? coat : dark;
        const reach = foot + (i % 2 === 1 ? stride : -stride);
        pen.line([foot, belly - 0.08, reach, 0.95], shade, leg);
        pen.line([reach, 0.95, reach + 0.02, 0.96], dark, leg * 1.05);
      }
    }
    pen.curve(
      [rear + 0.04, bodyBack + 0.06, rear - 0.1, bodyBack + 0.08, 0.05, bodyBack + 0.4],
      dark,
      leg * 0.6,
    );
    // The neck, from the chest to the head.
    pen.shape([
      chest - 0.22,
      bodyBack + 0.06,
      x1 + 0.02,
      y1 + 0.04,
      x1 + 0.55 * (x2 - x1),
      y2 - 0.02,
      chest - 0.02,
      bodyBelly - 0.06,
    ], coat);
    pen.rect(rear, bodyBack, chest, bodyBelly, coat, 0.42);
    build.marks?.(pen, bodyBack - back);
    build.ears?.(pen, coat);
    const middle = (y1 + y2) / 2;
    pen.rect(x1, y1 + 0.02, x1 + 0.66 * (x2 - x1), y2, coat, 0.45);
    pen.rect(x1 + 0.2 * (x2 - x1), middle - 0.02, x2, y2, coat, 0.45);
    pen.rect(x1 + 0.68 * (x2 - x1), middle, x2, y2, dark, 0.45);
    pen.disc(x1 + 0.42 * (x2 - x1), middle - 0.04, 0.022, "#1d1a18");
  };
}

function pointedEars(x: number, y: number): (pen: Pen, coat: string) => void {
  return (pen, coat) => {
    pen.shape([x, y + 0.08, x + 0.01, y - 0.04, x + 0.06, y + 0.06], coat);
    pen.shape([x + 0.05, y + 0.07, x + 0.07, y - 0.04, x + 0.11, y + 0.07], coat);
  };
}

/** Shapes of animals, their parts, and toys that look like them. */
export const ANIMALS = {
  horse: fourFooted({
    coats: ["#9c6237", "#6e4226", "#b98352", "#4b3526"],
    dark: "#33231a",
    back: 0.3,
    belly: 0.64,
    rear: 0.1,
    chest: 0.78,
    head: [0.74, 0.04, 1, 0.3],
    leg: 0.07,
    marks: (pen) => pen.line([0.76, 0.06, 0.66, 0.18, 0.6, 0.32], "#33231a", 0.07),
    ears: pointedEars(0.75, 0.05),
  }),
  cow: fourFooted({
    coats: ["#f3efe8", "#f7f3ec", "#8a5a3b"],
    dark: "#e3a6a0",
    back: 0.22,
    belly: 0.68,
    rear: 0.06,
    chest: 0.8,
    head: [0.74, 0.1, 1, 0.42],
    leg: 0.085,
    marks: (pen, low) => {
      const spot = [
        0.2,
        0.3,
        0.34,
        0.2,
        0.4,
        0.36,
        0.36,
        0.55,
        0.24,
        0.5,
        0.14,
        0.42,
        0.2,
        0.3,
      ];
      pen.blob(spot.map((value, i) => i % 2 === 1 ? value + low : value), "#2e2a28");
      pen.oval(0.6, 0.42 + low, 0.09, 0.13, "#2e2a28");
      if (low === 0) pen.oval(0.5, 0.68, 0.06, 0.05, "#e3a6a0");
    },
    ears: (pen) => {
      pen.curve([0.78, 0.12, 0.74, 0.06, 0.77, 0.02], "#d8ccb4", 0.045);
      pen.curve([0.86, 0.12, 0.92, 0.06, 0.89, 0.02], "#d8ccb4", 0.045);
    },
  }),
  zebra: fourFooted({
    coats: ["#f6f4ef"],
    dark: "#2b2826",
    back: 0.26,
    belly: 0.64,
    rear: 0.08,
    chest: 0.78,
    head: [0.74, 0.06, 1, 0.34],
    leg: 0.07,
    marks: (pen, low) => {
      for (let x = 0.16; x < 0.76; x += 0.085) {
        pen.line([x, 0.3 + low, x + 0.03, 0.45 + low, x, 0.6 + low], "#2b2826", 0.045);
      }
      pen.line([0.76, 0.08, 0.68, 0.18, 0.64, 0.28], "#2b2826", 0.08);
      pen.line([0.8, 0.34, 0.74, 0.28], "#2b2826", 0.04);
    },
    ears: pointedEars(0.75, 0.06),
  }),
  sheep: (pen, { pose }) => {
    const low = pose === "lying" ? 0.2 : 0;
    if (low === 0) {
      for (const x of [0.24, 0.36, 0.58, 0.68]) {
        pen.line([x, 0.7, x + (pose === "walking" ? 0.04 : 0), 0.96], "#3d3733", 0.07);
      }
    }
    const wool = [[0.2, 0.45], [0.2, 0.62], [0.36, 0.36], [0.38, 0.66], [0.55, 0.36]];
    wool.push([0.58, 0.66], [0.7, 0.5], [0.45, 0.5], [0.3, 0.52], [0.68, 0.62]);
    for (const [x, y] of wool) pen.oval(x, y + low, 0.15, 0.19, "#f5f1e6");
    pen.oval(0.86, 0.34 + low, 0.12, 0.17, "#3d3733");
    pen.oval(0.78, 0.24 + low, 0.08, 0.06, "#3d3733");
    pen.oval(0.84, 0.17 + low, 0.1, 0.08, "#f5f1e6");
    pen.disc(0.89, 0.31 + low, 0.025, "#ffffff");
  },
  dog: fourFooted({
    coats: ["#b9773f", "#d9b07a", "#5a4636", "#eee3d0"],
    dark: "#3a2a20",
    back: 0.36,
    belly: 0.7,
    rear: 0.12,
    chest: 0.74,
    head: [0.66, 0.04, 0.98, 0.42],
    leg: 0.1,
    marks: (pen) => pen.line([0.68, 0.44, 0.78, 0.48], "#c0392b", 0.07),
    ears: (pen) => pen.oval(0.68, 0.24, 0.06, 0.16, "#3a2a20"),
  }),
  cat: (pen, { tone }) => {
    const coat = choose(["#e0913f", "#6d6a68", "#2f2b2a", "#e8dccb"], tone);
    pen.curve([0.14, 0.78, -0.06, 0.6, 0.08, 0.2], coat, 0.14);
    pen.blob([0.08, 1, 0, 0.4, 0.42, 0.42, 0.8, 0.4, 0.82, 1], coat);
    pen.rect(0.62, 0.84, 0.94, 1, coat, 0.5);
    pen.disc(0.74, 0.42, 0.3, coat);
    pen.shape([0.56, 0.3, 0.57, 0, 0.7, 0.18], coat);
    pen.shape([0.92, 0.3, 0.91, 0, 0.78, 0.18], coat);
    for (const x of [0.68, 0.82]) pen.disc(x, 0.4, 0.045, "#f6e27a");
    for (const x of [0.68, 0.82]) pen.disc(x, 0.4, 0.022, "#1d1a18");
    pen.disc(0.75, 0.5, 0.03, "#d98a8a");
  },
  "teddy bear": (pen) => {
    const fur = "#b9823f", light = "#e3bd84";
    for (const x of [0.25, 0.75]) pen.oval(x, 0.88, 0.16, 0.12, fur);
    for (const x of [0.16, 0.84]) pen.oval(x, 0.6, 0.14, 0.12, fur);
    pen.oval(0.5, 0.7, 0.3, 0.28, fur);
    pen.oval(0.5, 0.72, 0.17, 0.17, light);
    for (const x of [0.25, 0.75]) pen.disc(x, 0.1, 0.12, fur);
    pen.oval(0.5, 0.26, 0.31, 0.25, fur);
    pen.oval(0.5, 0.34, 0.14, 0.1, light);
    for (const x of [0.38, 0.62]) pen.disc(x, 0.23, 0.04, "#1d1a18");
    pen.disc(0.5, 0.31, 0.045, "#1d1a18");
  },
  elephant: (pen, { pose }) => {
    const skin = "#8f959c", dark = "#767c83";
    const step = pose === "walking" ? 0.03 : 0;
    for (const x of [0.22, 0.56]) pen.rect(x - step, 0.6, x + 0.12 - step, 1, dark, 0.25);
    for (const x of [0.1, 0.46]) pen.rect(x + step, 0.6, x + 0.13 + step, 1, skin, 0.25);
    pen.curve([0.08, 0.34, 0.01, 0.45, 0.04, 0.68], dark, 0.03);
    pen.rect(0.05, 0.14, 0.72, 0.78, skin, 0.48);
    pen.oval(0.78, 0.32, 0.15, 0.25, skin);
    pen.curve([0.88, 0.36, 0.98, 0.6, 0.93, 0.94], skin, 0.12);
    pen.oval(0.66, 0.34, 0.11, 0.24, dark);
    pen.curve([0.82, 0.5, 0.86, 0.62, 0.94, 0.6], "#fff7e6", 0.04);
    pen.disc(0.82, 0.26, 0.018, "#1d1a18");
  },
  giraffe: (pen, { pose }) => {
    const coat = "#e5b65a", spot = "#9a5f2a";
    const step = pose === "walking" ? 0.05 : 0;
    for (const [i, x] of [0.16, 0.26, 0.5, 0.58].entries()) {
      pen.line(
        [x, 0.62, x + (i % 2 ? step : -step), 0.98],
        i % 2 ? coat : "#c99a45",
        0.07,
      );
    }
    pen.curve([0.12, 0.48, 0.02, 0.56, 0.05, 0.72], spot, 0.03);
    pen.shape([0.44, 0.48, 0.68, 0.06, 0.8, 0.1, 0.66, 0.62], coat);
    pen.rect(0.1, 0.44, 0.66, 0.68, coat, 0.45);
    const spots = [[0.2, 0.5], [0.3, 0.58], [0.38, 0.5], [0.48, 0.6], [0.54, 0.48]];
    spots.push([0.6, 0.38], [0.62, 0.52], [0.66, 0.28], [0.71, 0.18], [0.22, 0.62]);
    for (const [x, y] of spots) pen.oval(x, y, 0.038, 0.022, spot);
    pen.line([0.74, 0.05, 0.73, 0.01], spot, 0.03);
    pen.line([0.79, 0.05, 0.79, 0.01], spot, 0.03);
    pen.rect(0.7, 0.035, 0.86, 0.11, coat, 0.5);
    pen.rect(0.78, 0.06, 1, 0.12, coat, 0.5);
    pen.disc(0.8, 0.065, 0.018, "#1d1a18");
  },
  bird: (pen, { tone }) => {
    const coat = choose(["#f4f6f8", "#4a7fb5", "#3d3f44", "#d8604a"], tone);
    pen.shape([0.3, 0.6, 0, 0.5, 0.05, 0.8], coat);
    pen.oval(0.5, 0.62, 0.3, 0.22, coat);
    pen.blob([0.34, 0.58, 0.16, 0.14, 0.3, 0, 0.6, 0.2, 0.62, 0.58], "#8d96a0");
    pen.disc(0.8, 0.42, 0.19, coat);
    pen.shape([0.9, 0.36, 1, 0.46, 0.9, 0.5], "#f0a22e");
    pen.disc(0.84, 0.38, 0.045, "#1d1a18");
    pen.line([0.5, 0.82, 0.5, 0.98], "#f0a22e", 0.05);
    pen.line([0.58, 0.82, 0.58, 0.98], "#f0a22e", 0.05);
  },
  head: outline,
  tail: outline,
} satisfies Partial<Record<EntityName, Shape>>;
