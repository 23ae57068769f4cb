/**
 * The classes of COCO's files: lists of ids and names, of which several files of a dataset
 * must have the same.
 *
 * @module
 */

import { readId } from "../../foreign/ids.ts";
import type { ForeignRules } from "../../foreign/rules.ts";
import type { JsonValue } from "../../json_value.ts";

/** The classes of a dataset. */
export interface FileClasses {
  /** In the order of their ids. */
  names: string[];
  /** Places in `names` by id. */
  indexOf: ReadonlyMap<string, number>;
}

/** The classes of one file, in the order of their ids. */
export interface ClassList {
  field: JsonValue<undefined>;
  classes: { id: string; name: string; nameField: JsonValue<undefined> }[];
}

/** Reads the classes of one file; `undefined` if anything is wrong. */
export function readClasses(field: JsonValue<undefined>): ClassList | undefined {
  const list = field.items();
  if (list === undefined) return undefined;
  if (list.length === 0) return field.refuse("a list of classes");
  const ids = new Set<string>(), names = new Set<string>();
  const classes: ClassList["classes"] = [];
  const order = (entry: JsonValue<undefined>) => Number(entry.at("id").value);
  for (const entry of list.toSorted((a, b) => order(a) - order(b))) {
    const nameField = entry.at("name");
    const name = nameField.id();
    if (name === undefined) return undefined;
    if (!Number.isInteger(entry.at("id").value)) {
      return entry.at("id").refuse("a whole number that no other class has");
    }
    const id = readId(entry.at("id"));
    if (id === undefined) return undefined;
    if (ids.has(id)) {
      return entry.at("id").refuse("a whole number that no other class has");
    }
    if (names.has(name)) return nameField.refuse("a name that no other class has");
    ids.add(id);
    names.add(name);
    classes.push({ id, name, nameField });
  }
  return { field, classes };
}

/**
 * The classes of all files: those of the file that has most. Any other file may have some
 * of them only, under the same ids.
 *
 * @returns The classes; `undefined` if there are none, or files contradict each other.
 */
export function commonClasses(
  lists: readonly ClassList[],
  rules: ForeignRules,
): FileClasses | undefined {
  const [all] = lists.toSorted((a, b) => b.classes.length - a.classes.length);
  if (all === undefined) return undefined;
  const byId = new Map(all.classes.map(({ id, name }) => [id, name]));
  for (const { field, classes } of lists) {
    const other = classes.find(({ id, name }) => byId.get(id) !== name);
    if (other === undefined) continue;
    const { id, name } = other, known = byId.get(id);
    const theirs = known === undefined ? "no class of that id" : JSON.stringify(known);
    return field.refuse(
      `the classes of ${all.field.name}, or some of them: id ${id} is ${
        JSON.stringify(name)
      } here and ${theirs} there`,
    );
  }
  const names = rules.names(all.classes.map(({ nameField }) => nameField));
  if (names === undefined) return undefined;
  return { names, indexOf: new Map(all.classes.map(({ id }, i) => [id, i])) };
}
