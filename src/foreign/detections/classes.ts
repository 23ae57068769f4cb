/**
 * The classes of detections, and the index of each label.
 *
 * @module
 */

import { JsonValue } from "../../json_value.ts";
import { COCO_CLASSES } from "./coco_classes.ts";

/**
 * Names of classes by label: a list, or an object with labels as keys, which are whole
 * numbers or texts such as OpenImages' `/m/01g317`.
 */
export type ClassNames = readonly string[] | Readonly<Record<number | string, string>>;

/** K classes. */
export interface Classes {
  /** Their names. */
  readonly names: string[];
  /** The index of a label among the names; refuses what is none. */
  indexOf(field: JsonValue): number;
}

/** A label that is a whole number, which some programs write as a text: `"18"`. */
export function labelNumber(field: JsonValue): number {
  return isNumeral(field.value) ? Number(field.value) : field.integer();
}

/** Whether a value is a whole number as a text. */
export function isNumeral(value: unknown): value is string {
  return typeof value === "string" && /^\s*\d{1,9}\s*$/.test(value);
}

/** Classes by the first appearance of their names. */
export class ClassList implements Classes {
  readonly names: string[] = [];
  readonly #indices = new Map<string, number>();

  indexOf(field: JsonValue): number {
    const name = field.id().trim();
    if (name === "") field.refuse("a name that is not blank");
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    this.#indices.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }
}

/** Whether some of the labels of names are texts that are no whole numbers. */
export function isByText(classes: ClassNames): boolean {
  return !Array.isArray(classes) &&
    Object.keys(Object(classes)).some((label) => !isNumeral(label));
}

/** Labels and names, which must be names. */
function entriesOf(classes: ClassNames): [label: string, name: string][] {
  const isRecord = typeof classes === "object" && classes !== null;
  if (!isRecord) {
    new JsonValue(classes, "classes").refuseKind("a list of names, or names by label");
  }
  return Object.entries(classes).map(([label, given]) => {
    const field = new JsonValue(given as unknown, `classes[${label}]`);
    const name = field.string();
    return [label, name.trim() === "" ? field.refuse("no blank name") : name];
  });
}

/**
 * Classes by their labels; `classes` are by default those of COCO with their ids, 1 to 90.
 */
export function classesByLabel(classes?: ClassNames): Classes {
  const entries: [label: string, name: string][] = classes === undefined
    ? COCO_CLASSES.map(({ id, name }) => [`${id}`, name])
    : entriesOf(classes);
  const areTexts = classes !== undefined && isByText(classes);
  const keyOf = (label: string) => areTexts ? label : `${Number(label)}`;
  const indices = new Map(entries.map(([label], i) => [keyOf(label), i]));
  return {
    names: entries.map(([, name]) => name),
    indexOf(field) {
      const label = areTexts ? field.id().trim() : `${labelNumber(field)}`;
      const must = classes
        ? `a label of one of the ${entries.length} classes`
        : "a label of COCO's classes, 1 to 90";
      return indices.get(label) ?? field.refuse(must, "give the names as classes");
    },
  };
}
