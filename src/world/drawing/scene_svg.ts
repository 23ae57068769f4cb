/**
 * Draws a scene of the built-in world as SVG.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import type { Scene } from "../scene.ts";
import { ANIMALS } from "./animals.ts";
import { FURNITURE } from "./furniture.ts";
import { Pen, type Shape } from "./pen.ts";
import { PEOPLE } from "./people.ts";
import { PLACES } from "./places.ts";
import { THINGS } from "./things.ts";
import { VEHICLES } from "./vehicles.ts";

/** The shape of each class; the compiler requires all of them. */
const SHAPES: Record<EntityName, Shape> = {
  ...PEOPLE,
  ...ANIMALS,
  ...VEHICLES,
  ...FURNITURE,
  ...THINGS,
  ...PLACES,
};

/** Colours of the sky by situation; indoors it is hardly visible. */
const SKIES: Record<string, readonly [top: string, bottom: string]> = {
  beach: ["#8fd3f4", "#e4f6fb"],
  savanna: ["#f7cf8f", "#fdf0d5"],
  "snow slope": ["#a9c9e6", "#eaf3fa"],
};

const CLEAR_SKY = ["#a8d8f0", "#eef8fc"] as const;

/**
 * Draws a scene, far things first. Each thing has its name as a tooltip.
 *
 * @param scene The scene.
 * @returns An SVG document of the size of the image.
 */
export function drawScene(scene: Scene): string {
  const { width, height, entities, situation, mood } = scene;
  const [top, bottom] = SKIES[situation] ?? CLEAR_SKY;
  // A page may contain several drawings, so ids must differ.
  const sky = escape(`sky-${scene.id}`);
  const parts = entities
    .map((entity, index) => ({ entity, index }))
    .sort((a, b) => a.entity.depth - b.entity.depth || a.index - b.index)
    .map(({ entity, index }) => {
      const pen = new Pen(entity);
      SHAPES[entity.name](pen, entity);
      return `<g data-entity="${index}"><title>${escape(entity.name)}</title>${pen}</g>`;
    });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escape(`${situation}: ${mood}`)}</title>`,
    `<defs><linearGradient id="${sky}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient></defs>`,
    `<rect width="${width}" height="${height}" fill="url(#${sky})"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.codePointAt(0)};`);
}
