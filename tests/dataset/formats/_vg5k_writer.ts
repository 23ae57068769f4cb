/**
 * Writes files in the form of `vg5k`, with a pickle of NumPy arrays for the detections.
 *
 * @module
 */

/** The detections of one image, as the pickle holds them. */
export interface RawDetections {
  boxes: number[][];
  cls: number[];
  confs: number[];
}

/**
 * Pickles detections: protocol 0, with arrays as protocol 5 of NumPy makes them.
 *
 * @param images The detections of each image.
 * @returns The bytes of `det_res.pkl`.
 */
export function pickleDetections(images: readonly RawDetections[]): Uint8Array {
  const list = (key: string, arrays: string[]) => `V${key}\n(${arrays.join("")}l`;
  const integers = (values: number[]) => BigInt64Array.from(values, BigInt);
  const n = (image: RawDetections) => image.cls.length;
  const text = [
    "(",
    list(
      "boxes",
      images.map((image) =>
        array(integers(image.boxes.flat()), "i8", [image.boxes.length, 4])
      ),
    ),
    list("cls", images.map((image) => array(integers(image.cls), "i8", [n(image), 1]))),
    list(
      "confs",
      images.map((image) => array(Float64Array.from(image.confs), "f8", [n(image), 1])),
    ),
    "d.",
  ].join("");
  return new TextEncoder().encode(text);
}

function array(
  data: BigInt64Array | Float64Array,
  dtype: string,
  [rows, columns]: [number, number],
): string {
  const bytes = [...new Uint8Array(data.buffer)];
  // Python's text of bytes: every one is escaped, as protocol 0 reads \u escapes.
  const escaped = bytes.map((byte) => `\\u${byte.toString(16).padStart(4, "0")}`).join(
    "",
  );
  return [
    "cnumpy._core.numeric\n_frombuffer\n(",
    `c_codecs\nencode\n(V${escaped}\nVlatin1\ntR`,
    `cnumpy\ndtype\n(V${dtype}\nI00\nI01\ntR(I3\nV<\nNNNI-1\nI-1\nI0\ntb`,
    `(I${rows}\nI${columns}\nt`,
    "VC\ntR",
  ].join("");
}

/** An image as the annotation file holds it, and its detections. */
export interface RawImage {
  path: string;
  objs: { cls: number; bbox: number[] }[];
  rels: { sub: number; obj: number; pred: number[] }[];
  detections: RawDetections;
}

/** Writes a folder of the files. */
export async function writeVg5k(
  folder: string,
  images: readonly RawImage[],
  names: { objects: string[]; predicates: string[] },
): Promise<void> {
  const entries = images.map(({ path, objs, rels }) => [path, { objs, rels }]);
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(value));
  await write("objects.json", names.objects);
  await write("predicates.json", names.predicates);
  await write("data_annos_img_test.json", [[null, null], ...entries]);
  const detections = images.map(({ detections }) => detections);
  await Deno.writeFile(`${folder}/det_res.pkl`, pickleDetections(detections));
}
