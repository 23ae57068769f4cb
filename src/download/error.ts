/**
 * Why an address did not give its file.
 *
 * @module
 */

/** What went wrong: callers go on to the next address, or try again. */
export type FailureKind =
  | "unreachable"
  | "permission"
  | "status"
  | "redirects"
  | "page"
  | "length"
  | "early-close"
  | "stall"
  | "changed"
  | "checksum"
  | "archive"
  | "missing"
  | "nowhere";

/** A file could not be had from one address. */
export class DownloadError extends Error {
  /** `"DownloadError"`. */
  override name = "DownloadError";
  /** What went wrong. */
  readonly kind: FailureKind;
  /** Where: an URL or a path. */
  readonly address: string;
  /** The message without the address. */
  readonly reason: string;
  /** Status of the answer, for the kind `status`. */
  readonly status?: number;
  /** Seconds that the server asks to wait. */
  readonly retryAfter?: number;

  /**
   * @param kind What went wrong.
   * @param address Where.
   * @param reason What was found, in a few words.
   * @param more Status of the answer, seconds to wait, cause.
   */
  constructor(
    kind: FailureKind,
    address: string,
    reason: string,
    more: { status?: number; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(`Cannot download "${address}": ${reason}`, { cause: more.cause });
    [this.kind, this.address, this.reason] = [kind, address, reason];
    [this.status, this.retryAfter] = [more.status, more.retryAfter];
  }

  /** Whether it may be different a moment later. */
  get isTransient(): boolean {
    return this.kind === "unreachable" || this.kind === "early-close" ||
      this.kind === "stall" || this.kind === "changed" ||
      TRANSIENT_STATUS.has(this.status ?? 0);
  }
}

const TRANSIENT_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);
