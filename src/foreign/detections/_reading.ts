/**
 * How a form of detections is read: it says where boxes, labels and scores stand.
 *
 * @module
 */

import { isObject } from "../../json_kinds.ts";
import type { JsonValue } from "../../json_value.ts";
import type { BoxForm } from "../box_forms.ts";
import type { ImageSize } from "./list.ts";

/** A box with its label, as a program writes it. */
export interface FoundBox {
  /** The place of the box. */
  at: JsonValue;
  numbers: readonly number[];
  form: BoxForm;
  /** The length of each side of the image in the unit of the numbers; default: pixels. */
  side?: 1 | 100 | 1000;
  label: JsonValue;
  /** A probability, or a percentage; absent: the label is taken as certain. */
  score?: JsonValue;
  isPercent?: boolean;
}

/** What is known of the image. */
export interface ReadImage extends Partial<ImageSize> {
  /** Which one to take, where a value is of several. */
  imageId?: string;
}

/** How to read a form. */
export interface Reading {
  /** Whether a value, an image's, is of this form. */
  is(value: unknown): boolean;
  /** Whether labels may count any classes, so that their names must be given. */
  needsNames?: boolean;
  /** What the form calls the image, if it says so. */
  image?(root: JsonValue): string | undefined;
  /** The size of the image, as far as the form has it. */
  size?(root: JsonValue, imageId?: string): Partial<ImageSize>;
  /** The boxes. */
  boxes(root: JsonValue, image: ReadImage): FoundBox[];
}

/** Whether a value is an object with all of these keys. */
export function has(value: unknown, ...keys: string[]): boolean {
  return isObject(value) && keys.every((key) => Object.hasOwn(value, key));
}

/** Whether a value is a list whose first item has all of these keys. */
export function lists(value: unknown, ...keys: string[]): boolean {
  return Array.isArray(value) && value.length > 0 && has(value[0], ...keys);
}

/** The numbers under some keys; those that are left out are 0 if `isSparse` says so. */
export function numbersAt(
  box: JsonValue,
  keys: string | readonly string[],
  isSparse = false,
): number[] {
  const list = typeof keys === "string" ? keys.split(" ") : keys;
  return list.map((key) => {
    const field = box.at(key);
    return isSparse && field.isMissing ? 0 : numberOf(field);
  });
}

/** A number, which some programs write as a text, as every table does. */
export function numberOf(field: JsonValue): number {
  const { value } = field;
  const isNumber = typeof value === "string" && value.trim() !== "" &&
    Number.isFinite(Number(value));
  return isNumber ? Number(value) : field.number();
}

/** The upright box around points. */
export function around(points: readonly (readonly number[])[]): number[] {
  const [x, y] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

/** Width and height under two keys of an object, if they are there. */
export function sizeAt(
  root: JsonValue,
  width: string,
  height: string,
): Partial<ImageSize> {
  if (root.isMissing || root.at(width).isMissing || root.at(height).isMissing) return {};
  const [imageWidth, imageHeight] = numbersAt(root, [width, height]);
  return { imageWidth, imageHeight };
}

/** Items of a list that may be missing. */
export function itemsOf(field: JsonValue): JsonValue[] {
  return field.optional?.items() ?? [];
}

/** The form of four sides, and that of a corner with width and height. */
export const CORNERS = { form: "corners" } as const, SIZES = { form: "sizes" } as const;
