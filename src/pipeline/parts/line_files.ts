/**
 * Reads the lines of a file or an address, or those of the part that a job takes. Of a part
 * only its own bytes are read: from an address by an HTTP Range.
 *
 * @module
 */

import { isWebAddress } from "../../address.ts";
import { linesBetween } from "../../byte_lines.ts";
import { openRemote, remoteChunks } from "../../download/remote.ts";
import { fileSize, readChunks } from "../../files.ts";
import { type JobShard, rangeOf } from "../../job_shard.ts";

/**
 * Reads lines.
 *
 * @param source A path or an address.
 * @param shard Takes the lines that begin in this job's part of the bytes; default: all.
 * @returns The lines, without their ends.
 * @throws {DownloadError} If an address does not give them.
 */
export async function* readLines(
  source: string,
  shard?: JobShard,
): AsyncGenerator<Uint8Array> {
  const isRemote = isWebAddress(source);
  const file = shard && isRemote ? await openRemote(source) : undefined;
  const size = file?.size ?? (shard ? await fileSize(source) ?? 0 : Infinity);
  const { first, end } = shard ? rangeOf(shard, size) : { first: 0, end: size };
  yield* linesBetween(
    (start) =>
      isRemote
        ? remoteChunks(source, { start, validator: file?.validator })
        : readChunks(source, start),
    first,
    end,
  );
}
