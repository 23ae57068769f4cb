/**
 * Reads files with the names of classes, which detections by number lack.
 *
 * @module
 */

import { parseCsv } from "../../deps/csv.ts";
import { parseYaml } from "../../deps/yaml.ts";
import { isObject } from "../../json_kinds.ts";
import { JsonValue, parseJson } from "../../json_value.ts";
import type { ClassNames } from "./classes.ts";

/** Keys under which files have the names: ultralytics', transformers' and COCO's. */
const KEYS = ["names", "id2label", "categories"];

/**
 * Reads the names.
 *
 * @param bytes The file: a name on each line, as `classes.txt` and `obj.names` have them; a
 * list, or names by label, in JSON or YAML, alone or as `names` of `data.yaml`, `id2label`
 * of `config.json` or `categories` of COCO's annotations; a label and a name on each line,
 * as OpenImages' `class-descriptions-boxable.csv` has them.
 * @param path Its path, whose ending tells the form.
 * @throws {SyntaxError | TypeError} If it has another form; the message names it.
 */
export async function readClassFile(
  bytes: Uint8Array,
  path: string,
): Promise<ClassNames> {
  const isTable = /\.csv$/i.test(path);
  const name = `"${path}"`, text = new TextDecoder().decode(bytes);
  const root = /\.json$/i.test(path)
    ? parseJson<never>(bytes, name)
    : /\.ya?ml$/i.test(path)
    ? new JsonValue(await yamlOf(text, name), name)
    : isTable
    ? new JsonValue(await namesInTable(bytes, name), name)
    : new JsonValue(text.trimEnd().split("\n").map((line) => line.trim()), name);
  const key = KEYS.find((key) => isObject(root.value) && key in root.value);
  const classes = key === undefined ? root : root.at(key);
  if (!isObject(classes.value)) {
    const items = classes.items();
    if (items.every(({ value }) => isObject(value)) && items.length > 0) {
      return Object.fromEntries(
        items.map((item) => [item.at("id").integer(), item.at("name").id()]),
      );
    }
    return items.map(nameOf);
  }
  return Object.fromEntries(
    classes.entries().map(([label, field]) => {
      if (isTable || /^\d+$/.test(label)) return [label, nameOf(field)];
      return classes.refuseKind("names by label", `"${label}" is no whole number`);
    }),
  );
}

function nameOf(field: JsonValue): string {
  const name = field.string();
  return name.trim() === "" ? field.refuse("a name that is not blank") : name;
}

/** Names by label, or a list of names, from rows of two columns, or of one. */
async function namesInTable(bytes: Uint8Array, name: string): Promise<unknown> {
  const rows: string[][] = [];
  try {
    for await (const { record } of parseCsv(bytes, ",")) rows.push(record);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read ${name}: it is not CSV (${(cause as Error).message})`,
      {
        cause,
      },
    );
  }
  const [first = []] = rows, hasHeader = HEADER.test(first[0] ?? "");
  const items = hasHeader ? rows.slice(1) : rows;
  if (first.length === 1) return items.map(([only]) => only);
  if (first.length === 2) return Object.fromEntries(items);
  throw new SyntaxError(
    `Cannot read ${name}: each line must have a label and a name: found ${first.length} columns`,
  );
}

/** The name of the first column, which is no label. */
const HEADER = /^(label|class|category)?_?(name|id|label|index)?$/i;

async function yamlOf(text: string, name: string): Promise<unknown> {
  try {
    return await parseYaml(text);
  } catch (cause) {
    const [why] = (cause as Error).message.split("\n");
    throw new SyntaxError(`Cannot read ${name}: it is not YAML (${why})`, { cause });
  }
}
