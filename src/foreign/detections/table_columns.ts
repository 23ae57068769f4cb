/**
 * The columns of a table of boxes, found by their names.
 *
 * @module
 */

import { isObject } from "../../json_kinds.ts";
import type { BoxForm } from "../box_forms.ts";
import { isNumeral } from "./classes.ts";

/** Which columns of a table say what. */
export interface TableColumns {
  /** The image in which a box is; absent: all boxes are in one. */
  image?: string;
  label: string;
  score?: string;
  /** The four of a box, and their form. */
  box: readonly string[];
  form: BoxForm;
  /** Width and height of the image. */
  size?: readonly [width: string, height: string];
}

/** Plain names of the corner of a box, and of its middle, before width and height. */
const CORNERS = ["left top", "xmin ymin", "xleft ytop", "topleftx toplefty"];
const MIDDLES = ["cx cy", "xcenter ycenter", "xcentre ycentre", "centerx centery"];
const EXTENTS = ["w h", "width height"];

/** Plain names of the columns of a box in each form. */
const BOXES: readonly [names: string, form: BoxForm][] = [
  ["x0 y0 x1 y1", "corners"],
  ["x1 y1 x2 y2", "corners"],
  ["xmin ymin xmax ymax", "corners"],
  ["minx miny maxx maxy", "corners"],
  ["left top right bottom", "corners"],
  ...withExtents(CORNERS, "sizes"),
  ...withExtents(MIDDLES, "centres"),
];

function withExtents(points: readonly string[], form: BoxForm): [string, BoxForm][] {
  return points.flatMap((point) =>
    EXTENTS.map((extent): [string, BoxForm] => [`${point} ${extent}`, form])
  );
}

/** Columns of a box that do not say whether x and y are its corner or its middle. */
const UNCLEAR = EXTENTS.map((extent) => `x y ${extent}`);

/** Plain names of other columns, the most telling first. */
const IMAGES = [
  ...["image", "imageid", "imagename", "imagefile", "imagepath", "img", "imgid", "file"],
  ...["filename", "filepath", "path", "frame", "frameid", "framenumber", "frameindex"],
  ...["photo", "name"],
];
const LABELS = [
  ...["classname", "labelname", "categoryname", "label", "class", "category", "object"],
  ...["name", "classid", "labelid", "categoryid", "cls"],
];
const SCORES = ["score", "confidence", "conf", "probability", "prob"];
const SIZES = ["image", "img", ""].flatMap((what) =>
  EXTENTS.map((extent) => extent.replace(/\w+/g, (side) => what + side))
);

/** An example of a header, for messages. */
export const HEADER = "image,label,score,x1,y1,x2,y2";

/** A name without case, spaces, marks, and words for a box before it. */
function plain(name: string): string {
  const letters = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return letters.replace(/^(bbox|bndbox|boundingbox|box|bb)(?=.)/, "");
}

/** The columns by their plain names; the first of two with the same. */
function plainNames(columns: readonly string[]): Map<string, string> {
  return new Map([...columns].reverse().map((column) => [plain(column), column]));
}

/** The columns with these plain names, if all are there. */
function all(
  columns: ReadonlyMap<string, string>,
  names: string,
): string[] | undefined {
  const found = names.split(" ").map((name) => columns.get(name));
  return found.every((column) => column !== undefined) ? found : undefined;
}

/** Finds the columns of a box. */
function boxOf(
  columns: ReadonlyMap<string, string>,
): Pick<TableColumns, "box" | "form"> | undefined {
  for (const [names, form] of BOXES) {
    const box = all(columns, names);
    if (box) return { box, form };
  }
  return undefined;
}

/** Whether columns are those of a table of boxes, perhaps of one that is refused. */
export function areBoxColumns(columns: readonly string[]): boolean {
  const names = plainNames(columns);
  return boxOf(names) !== undefined || UNCLEAR.some((box) => all(names, box));
}

/**
 * Says what columns lack.
 *
 * @returns The end of a sentence about the table; `undefined` if nothing is wrong.
 */
export function columnProblem(columns: readonly string[]): string | undefined {
  const names = plainNames(columns), found = `found ${columns.join(", ")}`;
  if (!boxOf(names)) {
    return UNCLEAR.some((box) => all(names, box))
      ? `x and y must say what they are: name them left and top, or cx and cy if they are the middle of a box: ${found}`
      : `its first line must name the columns of a box, as in ${HEADER}: ${found}`;
  }
  return LABELS.some((name) => names.has(name))
    ? undefined
    : `a column must be named label, class or name, as in ${HEADER}: ${found}`;
}

/** The columns of tables that have been seen, by their keys and what depends on a row. */
const seen = new Map<string, TableColumns | undefined>();

/** Tables are few, and what lists hold may be anything. */
const MOST_SEEN = 100;

/**
 * Finds the columns of a table by one of its rows: of several columns with labels, one with
 * names is taken before one with numbers.
 *
 * @returns The columns; `undefined` if the value is no row of such a table.
 */
export function columnsOf(row: unknown): TableColumns | undefined {
  if (!isObject(row)) return undefined;
  const keys = Object.keys(row), names = plainNames(keys);
  const labels = LABELS.flatMap((name) => names.get(name) ?? []);
  const label = labels.find((column) => isName(row[column])) ??
    labels.find((column) => isNumber(row[column])) ?? labels[0];
  const id = JSON.stringify([label, keys]);
  if (seen.has(id)) return seen.get(id);
  const box = boxOf(names);
  const columns = label === undefined || !box
    ? undefined
    : { ...box, label, ...besides(names, [label, ...box.box]) };
  if (seen.size < MOST_SEEN) seen.set(id, columns);
  return columns;
}

/** The columns of images, scores and sizes, beside those that are taken. */
function besides(
  names: ReadonlyMap<string, string>,
  taken: readonly string[],
): Pick<TableColumns, "image" | "score" | "size"> {
  const isFree = (column: string) => !taken.includes(column);
  const first = (list: readonly string[]) =>
    list.flatMap((name) => names.get(name) ?? []).find(isFree);
  const size = SIZES.map((pair) => all(names, pair)).find((pair) => pair?.every(isFree));
  return {
    ...{ image: first(IMAGES), score: first(SCORES) },
    size: size as [string, string] | undefined,
  };
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "" && !isNumeral(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || isNumeral(value);
}
