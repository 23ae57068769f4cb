/**
 * Limits on what the data sets of an HDF5 file claim to hold, before any is unpacked.
 *
 * @module
 */

/** Greatest ratio by which deflate can pack. */
const MOST_GROWTH = 1032;
/** Greatest size of all data sets that are read of a file. */
const MOST_BYTES = 2 ** 28;

/** Adds up the claims of one file: each has a limit of its own, and all have one. */
export class Hdf5Claims {
  readonly #fileBytes: number;
  readonly #mostBytes: number;
  #total = 0;

  /**
   * @param fileBytes Size of the file.
   * @param mostBytes Limit of all data sets together.
   */
  constructor(fileBytes: number, mostBytes = MOST_BYTES) {
    this.#fileBytes = fileBytes;
    this.#mostBytes = mostBytes;
  }

  /**
   * Adds the claim of a data set.
   *
   * @param name Its name.
   * @param bytes How many it would have in memory.
   * @param isPacked Whether it may be packed: it is stored in chunks.
   * @throws {Error} If that is more than it can have, or the sum is above the limit.
   */
  add(name: string, bytes: number, isPacked: boolean): void {
    const most = this.#fileBytes * (isPacked ? MOST_GROWTH : 1);
    if (!(bytes <= most)) {
      throw new Error(`"${name}" claims ${bytes} bytes, its file has ${this.#fileBytes}`);
    }
    this.#total += bytes;
    if (this.#total > this.#mostBytes) {
      throw new Error(
        `its data sets claim ${this.#total} bytes up to "${name}", at most ${this.#mostBytes} are read`,
      );
    }
  }
}
