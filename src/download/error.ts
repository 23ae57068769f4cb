/**
 * The error for an address that did not provide its file.
 *
 * @module
 */

import { withoutSecrets } from "../address.ts";
import { escapeControls } from "../show_value.ts";

/** Kind of failure; it decides whether to try again, and where. */
export type FailureKind =
  | "unreachable"
  | "permission"
  | "status"
  | "redirects"
  | "page"
  | "length"
  | "early-close"
  | "stall"
  | "checksum"
  | "archive"
  | "missing"
  | "nowhere";

/** HTTP statuses that may change within moments. */
export const TRANSIENT_STATUS: ReadonlySet<number> = new Set([
  408,
  425,
  429,
  500,
  502,
  503,
  504,
]);

/** A file could not be downloaded from an address. */
export class DownloadError extends Error {
  /** `"DownloadError"`. */
  override name = "DownloadError";
  /** Kind of failure. */
  readonly kind: FailureKind;
  /** The message without the address. */
  readonly reason: string;
  /** HTTP status, for the kind `status`. */
  readonly status?: number;
  /** Time that the server asks to wait, in milliseconds. */
  readonly retryAfter?: number;

  /**
   * @param kind Kind of failure.
   * @param address A URL, a path, or the name of a source; secrets of URLs are hidden.
   * @param reason The finding; its control characters are escaped, and secrets hidden.
   * @param more HTTP status, milliseconds to wait, cause.
   */
  constructor(
    kind: FailureKind,
    address: string,
    reason: string,
    more: { status?: number; retryAfter?: number; cause?: unknown } = {},
  ) {
    const shown = escapeControls(withoutSecrets(reason));
    super(`Cannot download "${escapeControls(withoutSecrets(address))}": ${shown}`, {
      cause: more.cause,
    });
    [this.kind, this.reason] = [kind, shown];
    [this.status, this.retryAfter] = [more.status, more.retryAfter];
  }

  /** Whether trying again may succeed. */
  get isTransient(): boolean {
    return /^(unreachable|early-close|stall)$/.test(this.kind) ||
      TRANSIENT_STATUS.has(this.status ?? 0) ||
      this.kind === "nowhere" && this.cause instanceof DownloadError &&
        this.cause.isTransient;
  }

  /** Whether asking the same server for other files is useless, too. */
  get isHopeless(): boolean {
    return /^(unreachable|stall|permission)$/.test(this.kind);
  }
}
