/**
 * The names of what an image has. Inputs of `predict` and own data call the same things
 * differently, and every reader of either takes both.
 *
 * @module
 */

/** The names of inputs of `predict`, by those of own data. */
export const INPUT_KEYS = {
  width: "imageWidth",
  height: "imageHeight",
  labels: "entityLabels",
  scores: "entityScores",
} as const;

/** The names of own data, by those of inputs. */
export const OWN_KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(INPUT_KEYS).map(([own, input]) => [input, own]),
);

/**
 * Finds the name that an object uses.
 *
 * @param object The image.
 * @param key The name that the reader prefers.
 * @param others Other names by preferred ones: {@linkcode INPUT_KEYS} or {@linkcode OWN_KEYS}.
 * @returns The other name, if the object has it and not the preferred one.
 */
export function keyIn(
  object: object,
  key: string,
  others: Readonly<Record<string, string>>,
): string {
  const isGiven = (name: string) =>
    (object as Record<string, unknown>)[name] !== undefined;
  const other = Object.hasOwn(others, key) ? others[key] : key;
  return !isGiven(key) && isGiven(other) ? other : key;
}

/** Two names for one thing, if the object has both; else `undefined`. */
export function twiceNamed(object: object): [own: string, input: string] | undefined {
  return Object.entries(INPUT_KEYS).find((names) =>
    names.every((name) => (object as Record<string, unknown>)[name] !== undefined)
  );
}
