/**
 * Asks the server.
 *
 * @module
 */

import type { Refusal } from "../messages.ts";

/** Values of a query. */
export type Query = Record<string, string | number | undefined>;

/**
 * Asks for a value.
 *
 * @param path Of the address, such as `/api/images`.
 * @param query Values behind its question mark.
 * @param init Of the request.
 * @returns The answer.
 * @throws {Error} With the server's words if it refuses.
 */
export async function ask<Answer>(
  path: string,
  query: Query = {},
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(`${path}?${queryOf(query)}`, init);
  const answer = await response.json();
  if (response.ok) return answer as Answer;
  const { error } = answer as Refusal;
  throw new Error(String(error));
}

/** Writes a query without the values that are missing. */
export function queryOf(query: Query): string {
  const values = Object.entries(query).filter(([, value]) =>
    value !== undefined && value !== ""
  );
  return new URLSearchParams(values.map(([name, value]) => [name, String(value)]))
    .toString();
}
