/**
 * Tells failures that may pass by themselves, such as a server that is down, from those that
 * come again with the same input. Schedulers need to know: see docs/shards.md.
 *
 * @module
 */

import { DownloadError, TRANSIENT_STATUS } from "../../src/download/error.ts";
import { StatusError } from "../../src/fetch_bytes.ts";

/** The exit code of a failure that may pass: `EX_TEMPFAIL` of sysexits.h. */
export const TRANSIENT_EXIT = 75;

/** Errors of the system that may pass. */
const KINDS = [
  Deno.errors.ConnectionRefused,
  Deno.errors.ConnectionReset,
  Deno.errors.ConnectionAborted,
  Deno.errors.NotConnected,
  Deno.errors.TimedOut,
  Deno.errors.Interrupted,
  Deno.errors.UnexpectedEof,
  Deno.errors.Busy,
];

/** What the network says of itself in errors of `fetch`, which have no class of their own. */
const NETWORK = /^error sending request for url|connection (refused|reset|closed)/i;

/** What the system says of a full disk, which others may empty. */
const FULL = /ENOSPC|No space left on device/;

/** Whether an error, or what caused it, may pass by itself. */
export function isTransient(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof StatusError) return TRANSIENT_STATUS.has(at.status);
    if (at instanceof DownloadError) return at.isTransient;
    if (KINDS.some((Kind) => at instanceof Kind)) return true;
    if (
      at.name === "TimeoutError" || FULL.test(`${"code" in at && at.code} ${at.message}`)
    ) {
      return true;
    }
    if (NETWORK.test(at.message)) return true;
  }
  return false;
}

/**
 * The cause of the failure of several images: the first error if all may pass, else one that
 * does not.
 */
export function causeOf(errors: readonly unknown[]): unknown {
  return errors.find((error) => !isTransient(error)) ?? errors[0];
}
