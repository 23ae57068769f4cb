/**
 * Tables of boxes: rows with a value for each column, as files in CSV have them.
 *
 * @module
 */

import type { JsonValue } from "../../json_value.ts";
import { readId } from "../ids.ts";
import { type FoundBox, lists, numbersAt, type Reading, sizeAt } from "./_reading.ts";
import { columnsOf, type TableColumns } from "./table_columns.ts";

/** Column with the image of a row, if the value is a row of a table that has one. */
export function imageColumn(row: unknown): string | undefined {
  return columnsOf(row)?.image;
}

/** The rows of an image, and the columns. */
function rowsOf(
  root: JsonValue,
  imageId?: string,
): { columns: TableColumns; rows: JsonValue[] } | undefined {
  const all = root.items(), columns = columnsOf(all[0]?.value);
  if (!columns) return undefined;
  const { image } = columns;
  if (image === undefined) return { columns, rows: all };
  const ids = all.map((row) => readId(row.at(image)));
  if (imageId !== undefined) {
    return { columns, rows: all.filter((_, i) => ids[i] === imageId) };
  }
  const others = new Set(ids);
  if (others.size > 1) {
    root.refuse(
      "of one image",
      `its rows are of ${others.size}: give imageId, or the file to predict`,
    );
  }
  return { columns, rows: all };
}

/** Whether a row says that its image has no box. */
function isEmpty(row: JsonValue, { box }: TableColumns): boolean {
  return box.every((column) => row.at(column).value === "");
}

function boxOf(
  row: JsonValue,
  { label, score, box, form }: TableColumns,
): FoundBox {
  return {
    ...{ at: row, numbers: numbersAt(row, box), form },
    ...{ label: row.at(label), score: score === undefined ? undefined : row.at(score) },
  };
}

/** Rows with columns that are known by their names; labels that are numbers need names. */
export const table: Reading = {
  is: (value) => Array.isArray(value) && columnsOf(value[0]) !== undefined,
  needsNames: true,
  image(root) {
    const { columns, rows: [first] = [] } = rowsOf(root) ?? {};
    return columns?.image === undefined ? undefined : readId(first.at(columns.image));
  },
  size(root, imageId) {
    const { columns, rows: [first] = [] } = rowsOf(root, imageId) ?? {};
    return columns?.size && first ? sizeAt(first, ...columns.size) : {};
  },
  boxes(root, { imageId }) {
    const { columns, rows } = rowsOf(root, imageId) ?? root.refuseKind(
      "rows with columns such as label, score, x1, y1, x2, y2",
    );
    return rows.filter((row) => !isEmpty(row, columns)).map((row) => boxOf(row, columns));
  },
};

/** Roboflow's supervision: the rows of `JSONSink` and `CSVSink`, which count from 0. */
export const supervision: Reading = {
  ...table,
  is: (value) => lists(value, "x_min", "y_min", "x_max", "y_max"),
  needsNames: false,
};

/** https://storage.googleapis.com/openimages/web/download_v7.html: boxes are shares. */
export const openImages: Reading = {
  ...table,
  is: (value) => lists(value, "ImageID", "LabelName", "XMin", "XMax", "YMin", "YMax"),
  boxes: (root, context) =>
    table.boxes(root, context).map((box) => ({ ...box, side: 1 })),
};
