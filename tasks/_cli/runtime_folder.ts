/**
 * Quiet where there is no desktop: Mesa, the drivers of most GPUs on Linux, calls it an
 * error if the variable with the user's runtime folder is missing, though nothing here
 * needs that folder.
 *
 * @module
 */

const VARIABLE = "XDG_RUNTIME_DIR";

/** Names a folder, if there is none and the task may; to be called before a GPU is asked for. */
export function nameRuntimeFolder(): void {
  const permission = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  if (permission.state !== "granted" || Deno.env.get(VARIABLE)) return;
  Deno.env.set(VARIABLE, "/tmp");
}
