/**
 * What the page shows, as its address says it: links, reloads and the back button work.
 *
 * @module
 */

import { queryOf } from "./server.ts";

/** Names of the values of an address. */
const NAMES = [
  ...["show", "run", "image", "drop", "pattern", "order", "system", "k", "predicate"],
  ...["outcome", "scoreFrom", "scoreTo", "change", "least", "most", "top", "score"],
  ...["scoreMost", "layout", "entity", "panel"],
] as const;

/** The values of an address; those that are missing have their defaults. */
export type State = Partial<Record<string, string>>;

/** Values that leave out images. */
export const FILTERS = ["pattern", "predicate", "outcome", "change"]
  .concat("scoreFrom", "scoreTo", "least", "most");
/** Values that choose images and their order. */
const OF_LIST = [...FILTERS, "order", "system", "k"];

const listeners: ((state: State) => void)[] = [];

/** The state that the address has. */
export function state(): State {
  const values = new URLSearchParams(location.search);
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = values.get(name);
      return value ? [[name, value]] : [];
    }),
  );
}

/** The values that choose the list. */
export function listQuery(of: State): State {
  return Object.fromEntries(OF_LIST.map((name) => [name, of[name]]));
}

/** The address of a state that differs from the present one. */
export function addressOf(change: State): string {
  return `?${queryOf({ ...state(), ...change })}`;
}

/**
 * Changes the state.
 *
 * @param change New values; undefined removes one.
 * @param isStep Whether the back button shall return to the state before; default true.
 */
export function go(change: State, isStep = true): void {
  const address = addressOf(change);
  if (address === (location.search || "?")) return;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  tell();
}

/** Calls a function with each new state. */
export function onState(listener: (state: State) => void): void {
  listeners.push(listener);
}

/** Tells all listeners the present state. */
export function tell(): void {
  const now = state();
  for (const listener of listeners) listener(now);
}

addEventListener("popstate", tell);
