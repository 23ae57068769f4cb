/**
 * The rules for ids from outside: none is missing, none is repeated, and each is exact.
 *
 * @module
 */

import type { JsonValue } from "../json_value.ts";
import type { Mended } from "./mended.ts";

/**
 * Reads an id, a text or a whole number, as text: 7 and "7" are the same id.
 *
 * @returns The text, or else what a refusal returns: numbers from 2^53 on are refused, as
 * JSON readers round them to one another.
 */
export function readId<Failed>(field: JsonValue<Failed>): string | Failed {
  const { value } = field;
  if (typeof value === "number" && Number.isInteger(value)) {
    if (Number.isSafeInteger(value)) return String(value);
    return field.refuse(
      "exact, below 2^53",
      "numbers this large become equal when they are read: write ids as texts",
    );
  }
  return typeof value === "string"
    ? field.id()
    : field.refuseKind("a text or a whole number");
}

/** Annotations by id; an id may stand once in each image. */
export class AnnotationIds<Entity> {
  readonly #byId = new Map<string, { place: string; entity: Entity } | "several">();
  readonly #byImage = new Map<string, { place: string; entity: Entity }>();

  /** Takes the id of an entity of an image; refuses it if the image has it already. */
  add(field: JsonValue<undefined>, image: string, entity: Entity): void {
    const id = readId(field);
    if (id === undefined) return;
    const key = `${image} ${id}`, before = this.#byImage.get(key);
    if (before) {
      field.refuse(
        `an id other than that of ${before.place} in image ${image}`,
      );
      return;
    }
    const found = { place: field.place, entity };
    this.#byImage.set(key, found);
    this.#byId.set(id, this.#byId.has(id) ? "several" : found);
  }

  /**
   * Finds an entity by the id that a relation has of it.
   *
   * @param field The id in the relation.
   * @param image The relation's own id of its image, which tells repeated ids apart.
   * @param mended Counts ids that were told apart.
   */
  find(
    field: JsonValue<undefined>,
    image: JsonValue<undefined>,
    mended: Mended,
  ): Entity | undefined {
    const id = readId(field);
    if (id === undefined) return undefined;
    const found = this.#byId.get(id);
    if (found === undefined) return field.refuse("the id of an annotation");
    const own = image.isMissing ? undefined : this.#byImage.get(`${readId(image)} ${id}`);
    if (own === undefined && !image.isMissing) {
      return field.refuse(`the id of an annotation of image ${image.value}`);
    }
    if (found !== "several") return found.entity;
    if (own === undefined) {
      return field.refuse(
        "an id that one annotation has alone",
        "several images have it: give each annotation an id of its own, or each relation its image_id",
      );
    }
    mended.add("idsByImage", field);
    return own.entity;
  }
}
