/**
 * The npm package that reads zip archives. `mod.ts` does not load it. Tar archives are
 * read by `@std/tar`.
 *
 * @module
 */

export {
  configure as configureZip,
  type Entry as ZipEntry,
  Reader as ZipSource,
  ZipReader,
} from "npm:@zip.js/zip.js@2.24.0/index-native.js";
