/**
 * Shapes of people and clothes.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import { choose, otherTone, type Pen, type Shape } from "./pen.ts";

const SKIN = ["#f6d3b3", "#e8b58d", "#c98d61", "#8d5b3a", "#fbe0c8"];
const HAIR = ["#3b2a20", "#5c4030", "#1e1b1b", "#a8672f", "#d9b25c"];
const TOPS = ["#d9654b", "#3f7fa6", "#5c9b6b", "#e0a63a", "#8a6bb0", "#cf5f86"];
const LEGS = ["#34445c", "#4b4f57", "#5a4738", "#2f5563"];

/** The colours of one person. */
interface Looks {
  skin: string;
  hair: string;
  top: string;
  legs: string;
  /** Radius of the head, as a fraction of the box's shorter side. */
  head: number;
  hasLongHair: boolean;
  hasSkirt: boolean;
}

function person(head: number, hasLongHair: boolean, hasSkirt: boolean): Shape {
  return (pen, { tone, pose }) => {
    const looks: Looks = {
      skin: choose(SKIN, otherTone(tone)),
      hair: choose(HAIR, otherTone(tone + 0.3)),
      top: choose(TOPS, tone),
      legs: choose(LEGS, otherTone(tone + 0.6)),
      head,
      hasLongHair,
      hasSkirt,
    };
    if (pose === "lying") return lying(pen, looks);
    if (pose === "sitting" || pose === "riding" || pose === "behind") {
      seated(pen, looks, pose);
    } else {
      upright(pen, looks, pose === "walking");
    }
  };
}

/** Draws long hair; the trunk is painted over it. */
function backHair(pen: Pen, y: number, { hair, head, hasLongHair }: Looks): void {
  if (!hasLongHair) return;
  const shorter = Math.min(pen.width, pen.height);
  const high = head * shorter / pen.height;
  const wide = head * shorter / pen.width;
  pen.rect(0.5 - 1.15 * wide, y - high, 0.5 + 1.1 * wide, y + 2.1 * high, hair, 0.5);
}

function face(pen: Pen, y: number, { skin, hair, head }: Looks): void {
  const high = head * Math.min(pen.width, pen.height) / pen.height;
  const wide = head * Math.min(pen.width, pen.height) / pen.width;
  pen.disc(0.5, y - 0.12 * high, head * 1.1, hair);
  pen.oval(0.5 + 0.1 * wide, y + 0.18 * high, wide * 0.92, high * 0.9, skin);
  for (const side of [-0.2, 0.45]) {
    pen.disc(0.5 + side * wide, y + 0.12 * high, head * 0.11, "#2b2b2b");
  }
  pen.curve(
    [
      0.5 - 0.2 * wide,
      y + 0.5 * high,
      0.5 + 0.12 * wide,
      y + 0.75 * high,
      0.5 + 0.45 * wide,
      y + 0.5 * high,
    ],
    "#9b4a3c",
    head * 0.13,
  );
}

function upright(pen: Pen, looks: Looks, isWalking: boolean): void {
  const { skin, top, legs, hasSkirt } = looks;
  backHair(pen, 0.085, looks);
  const feet = isWalking ? [0.2, 0.86] : [0.36, 0.64];
  const lower = hasSkirt ? skin : legs;
  for (const [i, foot] of feet.entries()) {
    const hip = i === 0 ? 0.4 : 0.6;
    const knee = isWalking ? (hip + foot) / 2 + 0.08 : foot;
    pen.line([hip, 0.52, knee, 0.75, foot, 0.96], lower, 0.2);
    pen.oval(foot + 0.06, 0.98, 0.14, 0.02, "#3a3230");
  }
  pen.line([0.28, 0.22, 0.12, 0.37, isWalking ? 0.02 : 0.12, 0.5], top, 0.15);
  pen.disc(isWalking ? 0.04 : 0.12, 0.51, 0.1, skin);
  if (hasSkirt) pen.shape([0.3, 0.48, 0.7, 0.48, 0.84, 0.68, 0.16, 0.68], legs);
  pen.rect(0.22, 0.17, 0.78, 0.54, top, 0.3);
  pen.line([0.72, 0.22, 0.88, 0.37, 0.93, 0.46], top, 0.15);
  pen.disc(0.93, 0.475, 0.1, skin);
  pen.rect(0.43, 0.13, 0.57, 0.19, skin);
  face(pen, 0.085, looks);
}

function seated(pen: Pen, looks: Looks, pose: string): void {
  const { skin, top, legs } = looks;
  backHair(pen, 0.115, looks);
  if (pose === "behind") {
    pen.rect(0.26, 0.62, 0.74, 1, legs, 0.1);
  } else {
    const points = pose === "sitting"
      ? [0.45, 0.7, 0.84, 0.73, 0.8, 0.96]
      : [0.48, 0.7, 0.66, 0.82, 0.54, 0.96];
    pen.line(points, legs, 0.24);
    pen.oval(points[4] + 0.1, 0.975, 0.16, 0.025, "#3a3230");
  }
  pen.rect(0.22, 0.23, 0.78, 0.74, top, 0.3);
  pen.line([0.28, 0.3, 0.14, 0.46, 0.22, 0.62], top, 0.15);
  pen.line([0.72, 0.3, 0.86, 0.48, 0.93, 0.6], top, 0.15);
  pen.disc(0.93, 0.62, 0.1, skin);
  pen.rect(0.43, 0.18, 0.57, 0.26, skin);
  face(pen, 0.115, looks);
}

function lying(pen: Pen, { skin, hair, top, legs }: Looks): void {
  pen.line([0.45, 0.62, 0.24, 0.5, 0.04, 0.8], legs, 0.34);
  pen.line([0.45, 0.78, 0.04, 0.84], legs, 0.3);
  pen.rect(0.42, 0.35, 0.84, 0.98, top, 0.35);
  pen.line([0.76, 0.5, 0.7, 0.22, 0.6, 0.4], top, 0.2);
  pen.disc(0.6, 0.4, 0.1, skin);
  pen.disc(0.925, 0.5, 0.3, hair);
  pen.disc(0.915, 0.54, 0.25, skin);
}

function garment(colours: readonly string[], hasZip: boolean): Shape {
  return (pen, { tone }) => {
    const colour = choose(colours, tone);
    pen.shape([0.16, 0.06, 0, 0.62, 0.14, 0.7, 0.26, 0.4], colour);
    pen.shape([0.84, 0.06, 1, 0.62, 0.86, 0.7, 0.74, 0.4], colour);
    pen.rect(0.14, 0, 0.86, 1, colour, 0.22);
    pen.blob([0.36, 0, 0.5, 0.16, 0.64, 0, 0.5, 0.02, 0.36, 0], "#ffffff");
    if (hasZip) {
      pen.line([0.5, 0.1, 0.5, 0.96], "#ffffff", 0.03);
      pen.line([0.24, 0.7, 0.4, 0.7], "#ffffff", 0.03);
      pen.line([0.6, 0.7, 0.76, 0.7], "#ffffff", 0.03);
    } else {
      pen.rect(0.14, 0.4, 0.86, 0.52, "#ffffff88");
    }
  };
}

function footwear(colours: readonly string[], isHigh: boolean): Shape {
  return (pen, { tone }) => {
    const colour = choose(colours, tone);
    pen.rect(0.08, 0, isHigh ? 0.6 : 0.45, 0.95, colour, 0.2);
    pen.rect(0.08, 0.45, 1, 0.95, colour, 0.45);
    pen.rect(0.06, 0.85, 1, 1, "#2a2523");
  };
}

/** Shapes of people and clothes. */
export const PEOPLE = {
  man: person(0.19, false, false),
  woman: person(0.19, true, true),
  child: person(0.25, false, false),
  hat: (pen, { tone }) => {
    const colour = choose(["#c98b3c", "#7a5230", "#d9c18b", "#a83f3f"], tone);
    pen.rect(0.2, 0, 0.8, 0.85, colour, 0.5);
    pen.rect(0.2, 0.5, 0.8, 0.72, "#5b3a24");
    pen.rect(0, 0.7, 1, 1, colour, 0.5);
  },
  helmet: (pen, { tone }) => {
    const colour = choose(["#d8433b", "#f0b429", "#3f8fd0", "#f4f4f4"], tone);
    pen.blob([0, 0.95, -0.02, 0, 0.5, 0, 1.02, 0, 1, 0.95], colour);
    pen.line([0.3, 0.15, 0.3, 0.6], "#00000055", 0.1);
    pen.line([0.55, 0.1, 0.55, 0.6], "#00000055", 0.1);
    pen.rect(0, 0.72, 1, 1, "#2d3138", 0.4);
  },
  shirt: garment(["#f4f1ea", "#8fc1e3", "#f2b8a0", "#b6d7a8"], false),
  jacket: garment(["#2f4858", "#b5483a", "#4d6b3c", "#6b4f8a"], true),
  shoe: footwear(["#e9e4da", "#c0453f", "#34445c"], false),
  boot: footwear(["#6b4226", "#3a302a", "#8a5a2b"], true),
} satisfies Partial<Record<EntityName, Shape>>;
