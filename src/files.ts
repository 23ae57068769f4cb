/**
 * The door to the file system: everything else in `src/` imports this module, and only the
 * folder `files/` behind it calls `Deno`, so that what does not import it runs in a browser,
 * too.
 *
 * @module
 */

export {
  exists,
  fileInfo,
  fileSize,
  isLink,
  listFiles,
  listFolders,
  listNames,
  type OpenFile,
  openFile,
  readChunks,
  readFile,
  readFileInto,
  realPath,
} from "./files/read.ts";
export {
  type AppendFile,
  type FileContent,
  openToAppend,
  writeFileAtomically,
  writeNewFile,
} from "./files/write.ts";
export {
  isUnsettled,
  removeUnfinishedFiles,
  settleFiles,
  writeFilesTogether,
} from "./files/write_together.ts";
export { makeFolder, removeFile, removeFolder, rename } from "./files/folders.ts";
export { removePartialFiles } from "./files/partial.ts";
export { lockFile, thisProcess } from "./files/lock.ts";
