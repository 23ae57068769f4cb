/**
 * Writes small files in the VG-SGG layout for tests.
 *
 * @module
 */

import { Hdf5File, ready } from "../../../src/deps/hdf5.ts";
import type { VgFiles } from "../../../src/dataset/formats/vg_hdf5.ts";

/** One image; boxes are centre and size, at a longer side of the image of 1024. */
export interface VgImage {
  id?: number | string;
  width?: number;
  height?: number;
  split: number;
  boxes?: number[][];
  /** Counted from 1. */
  labels?: number[];
  /** Subject, object (within the image), predicate counted from 1. */
  relations?: number[][];
}

/** Writes the three files of images; `change` may damage arrays before they are written. */
export async function writeVg(
  images: VgImage[],
  options: {
    classes?: number;
    predicates?: number;
    gzip?: boolean;
    change?: (arrays: Record<string, number[]>) => void;
  } = {},
): Promise<VgFiles> {
  const { classes = 3, predicates = 2 } = options;
  const arrays: Record<string, number[]> = {
    boxes_1024: [],
    labels: [],
    relationships: [],
    predicates: [],
    img_to_first_box: [],
    img_to_last_box: [],
    img_to_first_rel: [],
    img_to_last_rel: [],
    split: [],
  };
  for (
    const { boxes = [], labels = boxes.map(() => 1), relations = [], split } of images
  ) {
    const range = (kind: string, start: number, count: number) => {
      arrays[`img_to_first_${kind}`].push(count ? start : -1);
      arrays[`img_to_last_${kind}`].push(count ? start + count - 1 : -1);
    };
    const first = arrays.labels.length;
    range("box", first, boxes.length);
    range("rel", arrays.predicates.length, relations.length);
    arrays.boxes_1024.push(...boxes.flat());
    arrays.labels.push(...labels);
    for (const [subject, object, predicate] of relations) {
      arrays.relationships.push(first + subject, first + object);
      arrays.predicates.push(predicate);
    }
    arrays.split.push(split);
  }
  options.change?.(arrays);
  const names = (prefix: string, count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [i + 1, `${prefix}${i + 1}`]),
    );
  return {
    annotations: { name: "VG-SGG.h5", bytes: await writeHdf5(arrays, options.gzip) },
    dicts: {
      name: "VG-SGG-dicts.json",
      text: JSON.stringify({
        idx_to_label: names("class", classes),
        idx_to_predicate: names("predicate", predicates),
      }),
    },
    imageData: {
      name: "image_data.json",
      text: JSON.stringify(
        images.map(({ id, width = 1024, height = 768 }, i) => ({
          image_id: id ?? i + 1,
          width,
          height,
        })),
      ),
    },
  };
}

const COLUMNS: Record<string, number> = { boxes_1024: 4, relationships: 2 };

/** Writes an HDF5 file with one data set per array: float32 for boxes, else int32. */
export async function writeHdf5(
  arrays: Record<string, number[]>,
  gzip = false,
): Promise<Uint8Array> {
  const { FS } = await ready;
  const file = new Hdf5File("/written.h5", "w");
  for (const [name, numbers] of Object.entries(arrays)) {
    const columns = COLUMNS[name] ?? 1;
    const shape = columns === 1
      ? [numbers.length]
      : [Math.floor(numbers.length / columns), columns];
    const data = name === "boxes_1024"
      ? Float32Array.from(numbers)
      : Int32Array.from(numbers);
    const packed = gzip && numbers.length > 0 ? { chunks: shape, compression: 4 } : {};
    file.create_dataset({ name, data, shape, ...packed });
  }
  file.close();
  return FS.readFile("/written.h5") as Uint8Array;
}
