/**
 * Why an address did not give its file.
 *
 * @module
 */

import { escapeControls } from "../show_value.ts";

/** What went wrong; decides whether to try again, and where. */
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

/** Statuses of an answer that may be another one a moment later. */
const TRANSIENT_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A file could not be downloaded from an address. */
export class DownloadError extends Error {
  /** `"DownloadError"`. */
  override name = "DownloadError";
  /** What went wrong. */
  readonly kind: FailureKind;
  /** The message without the address. */
  readonly reason: string;
  /** Status of the answer, for the kind `status`. */
  readonly status?: number;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter?: number;

  /**
   * @param kind What went wrong.
   * @param address An URL, a path, or the name of a source.
   * @param reason What was found; its control characters are escaped.
   * @param more Status of the answer, milliseconds to wait, cause.
   */
  constructor(
    kind: FailureKind,
    address: string,
    reason: string,
    more: { status?: number; retryAfter?: number; cause?: unknown } = {},
  ) {
    const shown = escapeControls(reason);
    super(`Cannot download "${escapeControls(address)}": ${shown}`, {
      cause: more.cause,
    });
    [this.kind, this.reason] = [kind, shown];
    [this.status, this.retryAfter] = [more.status, more.retryAfter];
  }

  /** Whether another try may succeed. */
  get isTransient(): boolean {
    return /^(unreachable|early-close|stall)$/.test(this.kind) ||
      TRANSIENT_STATUS.has(this.status ?? 0);
  }

  /** Whether the server is away, so that it need not be asked for other files either. */
  get isHopeless(): boolean {
    return /^(unreachable|stall|permission)$/.test(this.kind);
  }
}
