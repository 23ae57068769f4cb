/**
 * Addresses that are signed for some time, as object stores give them out ("presigned").
 *
 * @module
 */

/** Seconds since 1970 from a time such as `20261130T091500Z`. */
function secondsOf(time: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time)?.slice(1);
  const [year, month, day, ...clock] = parts?.map(Number) ?? [];
  return parts ? Date.UTC(year, month - 1, day, ...clock) / 1000 : NaN;
}

/**
 * When a signed address stops working: by `X-Amz-Date` and `X-Amz-Expires` (Amazon's
 * Signature Version 4, `X-Goog-` likewise), or by `Expires` of the older kind.
 *
 * @returns `undefined` if the address does not say.
 */
function expiryOf(url: string): Date | undefined {
  const query = URL.parse(url)?.searchParams;
  const signed = (name: string) =>
    query?.get(`X-Amz-${name}`) ?? query?.get(`X-Goog-${name}`);
  const begin = signed("Date"), seconds = signed("Expires"), end = query?.get("Expires");
  const time = begin && seconds ? secondsOf(begin) + Number(seconds) : Number(end ?? NaN);
  return Number.isFinite(time) ? new Date(1000 * time) : undefined;
}

/** Ends a message about a refused address: says if its signature has expired. */
export function expiryNote(url: string): string {
  const expiry = expiryOf(url);
  if (!expiry) return "";
  const time = expiry.toISOString().replace(".000Z", "Z");
  return expiry.getTime() < Date.now()
    ? `: the address expired at ${time}; sign it again`
    : `: the address is signed until ${time}, so its signature or the permission is wrong`;
}
