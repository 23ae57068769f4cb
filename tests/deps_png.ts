/**
 * The npm package that writes PNG, for the pictures that tests keep.
 *
 * @module
 */

/** As a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:upng-js@2.1.0";

/** Writes pixels, red, green, blue and alpha of each, as PNG without loss. */
export async function encodePng(
  { width, height, data }: { width: number; height: number; data: Uint8ClampedArray },
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: png } = await import(PACKAGE);
  // 0 colours means all.
  return new Uint8Array(png.encode([data.slice().buffer], width, height, 0));
}
