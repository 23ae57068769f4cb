/**
 * Silences an error of Mesa, the drivers of most GPUs on Linux. Without a desktop session
 * Mesa complains that `XDG_RUNTIME_DIR` is unset, though nothing here needs that folder.
 *
 * @module
 */

const VARIABLE = "XDG_RUNTIME_DIR";

/** Sets `XDG_RUNTIME_DIR` if it is unset and the task may set it; call it before using a GPU. */
export function nameRuntimeFolder(): void {
  const permission = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  if (permission.state !== "granted" || Deno.env.get(VARIABLE)) return;
  Deno.env.set(VARIABLE, "/tmp");
}
