/**
 * Pictures as the page shows them: upright, on white, small enough to draw, and without
 * what a camera wrote beside the pixels, such as a place.
 *
 * @module
 */

/** Longest side of a shown picture, in pixels. */
const MAX_SIDE = 1600;

/** A picture that drawings show. */
export interface ShownPicture {
  /** What visitors call it: the name of the file. */
  name: string;
  /** Address within the page; `release()` frees it. */
  href: string;
  /** The picture as a `data:` address, for drawings that are saved. */
  dataHref(): Promise<string>;
  /** Frees its memory. */
  release(): void;
}

/**
 * Makes a picture for drawings.
 *
 * @param source A file, or pixels of a camera.
 * @param name What visitors call it.
 * @throws {Error} If the browser cannot decode it.
 */
export async function shownPicture(
  source: Blob | ImageData,
  name: string,
): Promise<ShownPicture> {
  const bitmap = await decode(source, name);
  try {
    const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return ofBlob(await jpegOf(canvas), name);
  } finally {
    bitmap.close();
  }
}

/** A picture whose file is shown as it is. */
export function ofBlob(blob: Blob, name: string): ShownPicture {
  const href = URL.createObjectURL(blob);
  return {
    ...{ name, href },
    dataHref: () => dataHrefOf(blob),
    release: () => URL.revokeObjectURL(href),
  };
}

async function decode(source: Blob | ImageData, name: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(source, { imageOrientation: "from-image" });
  } catch (cause) {
    throw new Error(
      `Cannot read "${name}" as it must be an image that this browser knows: choose a JPEG, PNG or WebP`,
      { cause },
    );
  }
}

function jpegOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => blob ? resolve(blob) : reject(new Error("Cannot draw the picture")),
      "image/jpeg",
      0.9,
    )
  );
}

function dataHrefOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
