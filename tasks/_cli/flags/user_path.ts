/**
 * Paths as the user means them: `deno task` runs in the folder of `deno.json`, and says in
 * a variable where the user stands.
 *
 * @module
 */

import { isAbsolute, join, relative } from "node:path";
import { isAddress, pathOf } from "../../../src/address.ts";

const VARIABLE = "INIT_CWD";

/** The folder of `deno.json`. */
const ROOT = pathOf(new URL("../../../", import.meta.url));

/** What a value is: a path, or a path or else a name that the task knows. */
export type PathKind = "path" | "path or name";

/**
 * The path of a value from the current folder.
 *
 * @param value What the user wrote: an address and `-` stay as they are, and so does a
 * name, which has neither a slash nor an ending like `.json`.
 * @param kind What it is.
 * @param from Where the user stands; default: as `deno task` says.
 * @returns The path; from the folder of `deno.json` it is what the user wrote.
 */
export function userPath(
  value: string,
  kind: PathKind,
  from: string | undefined = userFolder(),
): string {
  if (from === undefined || value === "-" || isAddress(value)) return value;
  if (isAbsolute(value) || kind === "path or name" && isName(value)) return value;
  return relative(Deno.cwd(), join(from, value)) || ".";
}

function isName(value: string): boolean {
  return !/[/\\]|^\.\.?$|\.[a-z]\w*$/i.test(value);
}

/** Where the user stands, if `deno task` has left that folder. */
function userFolder(): string | undefined {
  const permission = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  const folder = permission.state === "granted" ? Deno.env.get(VARIABLE) : undefined;
  if (!folder) return undefined;
  // A program that was not started by `deno task` may inherit the variable of one that was.
  const here = Deno.cwd();
  return relative(here, ROOT) === "" && relative(here, folder) !== ""
    ? folder
    : undefined;
}
