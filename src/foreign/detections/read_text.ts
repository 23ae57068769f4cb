/**
 * The texts in which detections are written: JSON, also as a language model answers it,
 * XML, CSV, and YOLO's lines.
 *
 * @module
 */

import { parseXml, type XmlElement } from "../../deps/document.ts";
import { fileKind, KIND_BYTES } from "../../file_kind.ts";
import { parseJson } from "../../json_value.ts";
import type { DetectionFormat } from "./read_json.ts";
import { csvRows, isCsv } from "./csv.ts";
import { isYoloText, yoloRows } from "./yolo_text.ts";

/** What a text holds: a value as of JSON. */
export interface TextValue {
  value: unknown;
  /** Its form, where the value does not tell it. */
  format?: DetectionFormat;
}

/** JSON between marks, as language models write it. */
const FENCED = /^\s*```\w*\s*\n([^]*?)\n?\s*```\s*$/;

/** How a text begins that is read. */
const START = /^\s*([[{"<]|```|$)/;

/**
 * Reads a text.
 *
 * @param bytes The file.
 * @param name The file, in the form for messages: with its quotes.
 * @returns What it holds; `undefined` if it begins as none of these texts.
 * @throws {SyntaxError} If it begins as one and is not; the message has the name.
 */
export async function readText(
  bytes: Uint8Array,
  name: string,
): Promise<TextValue | undefined> {
  const head = new TextDecoder().decode(bytes.subarray(0, KIND_BYTES));
  if (isYoloText(head)) {
    return { value: yoloRows(new TextDecoder().decode(bytes)), format: "yolo-txt" };
  }
  // A picture without an object has an empty file.
  if (bytes.length === 0 && /\.txt"$/i.test(name)) {
    return { value: [], format: "yolo-txt" };
  }
  if (isCsv(head, name)) {
    return { value: await Array.fromAsync(csvRows(bytes, name), ({ row }) => row) };
  }
  if (bytes.length === 0 || !START.test(head)) return undefined;
  const start = head.trimStart();
  if (start.startsWith("<")) {
    // A page or a picture is none of a detector's.
    if (![undefined, "an XML file"].includes(fileKind(bytes)?.name)) return undefined;
    return { value: await xmlValue(new TextDecoder().decode(bytes), name) };
  }
  const [, fenced] = start.startsWith("```")
    ? FENCED.exec(new TextDecoder().decode(bytes)) ?? []
    : [];
  return { value: parseJson<never>(fenced ?? bytes, name).value };
}

/**
 * An element as an object: its children by their names, several of one name as a list; its
 * attributes, with `@` before their names. An element with neither is its text.
 */
async function xmlValue(text: string, name: string): Promise<unknown> {
  const root = await parseXml(text);
  if (!root || !text.trimEnd().endsWith(`</${root.tagName}>`)) {
    throw new SyntaxError(
      `Cannot read ${name}: it is not XML as it must end with the end of its first element${
        root ? `, </${root.tagName}>` : ""
      }; it may be cut off`,
    );
  }
  return { [root.tagName]: valueOf(root) };
}

function valueOf(element: XmlElement): unknown {
  const children = [...element.children], attributes = [...element.attributes];
  if (children.length + attributes.length === 0) return element.textContent.trim();
  const value: Record<string, unknown> = Object.create(null);
  for (const { name, value: text } of attributes) value[`@${name}`] = text;
  for (const [tag, all] of Map.groupBy(children, ({ tagName }) => tagName)) {
    value[tag] = all.length === 1 ? valueOf(all[0]) : all.map(valueOf);
  }
  return value;
}
