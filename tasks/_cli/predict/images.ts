/**
 * The images of what `predict` is given: a photograph is one image, and a file of
 * detections may have any number.
 *
 * @module
 */

import { withoutSecrets } from "../../../src/address.ts";
import { isPhotograph } from "../../../src/detect/image_header.ts";
import { isCsv } from "../../../src/foreign/detections/csv.ts";
import { UnsaidError } from "../../../src/foreign/detections/list.ts";
import type { ListedImage } from "../../../src/foreign/detections/list_images.ts";
import { type JobShard, rangeOf } from "../../../src/job_shard.ts";
import { isJsonLines } from "../../../src/json_file.ts";
import { KIND_BYTES } from "../../../src/file_kind.ts";
import {
  tableOfImages,
  type TableOptions,
} from "../../../src/pipeline/detection_files.ts";
import {
  openImageFile,
  partedBytes,
  type PartedFile,
  readWhole,
} from "../../../src/pipeline/image_files.ts";
import { fileBars } from "../file_bars.ts";
import type { ImageInput, SourceReader } from "./sources.ts";

/** The images of one source. */
interface OpenSource extends Disposable {
  /** What each image is called. */
  names: readonly string[];
  /** Reads an image by its place among the names. */
  read(i: number): Promise<ImageInput>;
}

/** An image that is to be predicted. */
export interface QueuedImage {
  name: string;
  /** Reads it; throws if it cannot be used. */
  read(): Promise<ImageInput>;
}

/** What to take of the sources. */
export interface QueueOptions {
  /** The images to take of a file with several, by their ids. */
  ids?: readonly string[];
  /** The part of the images that this job takes: of several sources, whole ones. */
  shard?: JobShard;
  quiet: boolean;
  json: boolean;
}

/** Stands for stdin. */
const STDIN = "-";
/** Milliseconds after which progress is worth its lines. */
const PATIENCE = 2000;

/** The images of several sources, or of a file with many, one after another. */
export class ImageQueue implements Disposable {
  /** Whether there may be more than one image. */
  readonly isMany: boolean;
  /** Names of the images that other jobs write before. */
  readonly before: readonly string[];
  readonly #reader: SourceReader;
  readonly #options: QueueOptions;
  readonly #sources: readonly string[];
  /** The only source, opened. */
  readonly #only?: OpenSource;
  readonly #range: { first: number; end: number };
  /** Images, as far as it is known: the sources that are not open yet count as one. */
  #total: number;

  private constructor(
    reader: SourceReader,
    sources: readonly string[],
    options: QueueOptions,
    only?: OpenSource,
  ) {
    const all = only?.names ?? sources;
    this.#reader = reader;
    this.#options = options;
    this.#only = only;
    this.#range = rangeOf(options.shard, all.length);
    this.#sources = only ? sources : sources.slice(this.#range.first, this.#range.end);
    this.#total = this.#range.end - this.#range.first;
    this.isMany = all.length > 1;
    this.before = all.slice(0, this.#range.first);
  }

  /**
   * Opens the only source, or gathers several, which are opened one after another.
   *
   * @param sources Paths, addresses, or `-` for stdin.
   * @param reader Reads them.
   * @param options What to take.
   * @throws {Error} What is wrong with the only source, or with its only image.
   */
  static async open(
    sources: readonly string[],
    reader: SourceReader,
    options: QueueOptions,
  ): Promise<ImageQueue> {
    if (sources.length !== 1) return new ImageQueue(reader, sources, options);
    const only = await openSource(sources[0], reader, options);
    if (only.names.length > 1) return new ImageQueue(reader, sources, options, only);
    // What is wrong with the only image is said before the model is loaded.
    const first = await only.read(0);
    return new ImageQueue(reader, sources, options, {
      ...only,
      read: () => Promise.resolve(first),
    });
  }

  /** Number of images, as far as it is known. */
  get total(): number {
    return this.#total;
  }

  /** The images in order. A source that cannot be opened is one image that fails. */
  async *[Symbol.asyncIterator](): AsyncGenerator<QueuedImage> {
    if (this.#only) {
      yield* imagesOf(this.#only, this.#range);
      return;
    }
    for (const source of this.#sources) {
      let opened: OpenSource;
      try {
        opened = await openSource(source, this.#reader, this.#options);
      } catch (error) {
        yield { name: source, read: () => Promise.reject(error) };
        continue;
      }
      using images = opened;
      this.#total += images.names.length - 1;
      yield* imagesOf(images, { first: 0, end: images.names.length });
    }
  }

  /** Closes the only source. */
  [Symbol.dispose](): void {
    this.#only?.[Symbol.dispose]();
  }
}

function* imagesOf(
  { names, read }: OpenSource,
  { first, end }: { first: number; end: number },
): Generator<QueuedImage> {
  for (let i = first; i < end; i++) yield { name: names[i], read: () => read(i) };
}

/** Opens a source. */
async function openSource(
  source: string,
  reader: SourceReader,
  options: QueueOptions,
): Promise<OpenSource> {
  const name = source === STDIN ? "stdin" : withoutSecrets(source);
  const file = source === STDIN
    ? partedBytes(await new Response(Deno.stdin.readable).bytes())
    : await openImageFile(source);
  try {
    const head = await file.read(0, KIND_BYTES);
    const start = isPhotograph(head) ? "" : new TextDecoder().decode(head).trimStart();
    const form = formOf(start, name);
    if (form) {
      const many = await openMany(file, name, reader, { ...options, form });
      if (many) return many;
    }
    const bytes = await readWhole(source, file);
    const images = await reader.imagesIn(bytes, name);
    if (!images) {
      return await openMany(file, name, reader, {
        ...options,
        form: "lines",
      }) as OpenSource;
    }
    file[Symbol.dispose]();
    const names = images.map(({ name: own }, i) =>
      images.length === 1 ? source : own ?? `${name}[${i}]`
    );
    return { names, read: (i) => images[i].read(), [Symbol.dispose]() {} };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/** The form of a file that may have many images, by its first text. */
function formOf(start: string, name: string): TableOptions["form"] | undefined {
  if (/^[[{]/.test(start) && isJsonLines(name)) return "lines";
  if (start.startsWith("[")) return "list";
  return isCsv(start, `"${name}"`) ? "csv" : undefined;
}

/** Opens a list, lines or rows; `undefined` if the file is of the detections in one image. */
async function openMany(
  file: PartedFile,
  name: string,
  reader: SourceReader,
  { ids, quiet, json, form }: QueueOptions & Pick<TableOptions, "form">,
): Promise<OpenSource | undefined> {
  const start = performance.now(), bars = fileBars({ quiet, json });
  const table = await tableOfImages(file, `"${name}"`, {
    form,
    onProgress(bytes) {
      if (performance.now() - start > PATIENCE) bars.update(name, bytes, file.size);
    },
  });
  bars.done();
  if (!table) return undefined;
  const isOne = table.images.length === 1;
  const all = table.images.map((image, i) => {
    const { id } = image;
    return { image, id: id ?? `${i}`, name: id ?? (isOne ? name : `${name}[${i}]`) };
  });
  if (table.areRows) await checkSaid(await table.read(table.images[0]), name, reader);
  const taken = ids ? chosen(all, ids, name, reader.hasAnnotations) : all;
  return {
    names: taken.map(({ name }) => name),
    async read(i) {
      const { image, name: own } = taken[i];
      const place = own.startsWith(name) ? own : `${name}, image ${own}`;
      const imageId = table.areRows ? image.id : undefined;
      return await reader.readLine(await table.read(image), { place, imageId });
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/** Says once what all images lack; what is wrong with the first is said in its turn. */
async function checkSaid(
  first: Uint8Array,
  place: string,
  reader: SourceReader,
): Promise<void> {
  try {
    await reader.readLine(first, { place });
  } catch (error) {
    if (error instanceof UnsaidError) throw error;
  }
}

/** An image of a file, its id, and what it is called. */
interface NamedImage {
  image: ListedImage;
  id: string;
  name: string;
}

/** The images with these ids; one without a box is known to the annotations only. */
function chosen(
  all: readonly NamedImage[],
  ids: readonly string[],
  name: string,
  hasAnnotations: boolean,
): NamedImage[] {
  const byId = new Map(all.map((image) => [image.id, image]));
  return ids.map((id) => {
    const found = byId.get(id);
    if (found) return found;
    if (hasAnnotations) return { image: { id, parts: [] }, id, name: id };
    const first = [...byId.keys()].slice(0, 3).join(", ");
    throw new RangeError(
      `Cannot use "${name}": image ${id} must be one of the results' ${byId.size} (${first}${
        byId.size > 3 ? ", ..." : ""
      }); one without a box needs the annotations (--annotations)`,
    );
  });
}
