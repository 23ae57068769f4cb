/**
 * The npm package that reads zip archives, apart from `deps.ts` so that `mod.ts` does not
 * load it. Tar archives come through `@std/tar`.
 *
 * @module
 */

export {
  configure as configureZip,
  type Entry as ZipEntry,
  Reader as ZipSource,
  ZipReader,
} from "npm:@zip.js/zip.js@2.24.0/index-native.js";
