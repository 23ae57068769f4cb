/**
 * The npm package that reads HDF5, apart from `deps.ts` so that `mod.ts` does not load
 * it: 5 MB of WebAssembly.
 *
 * @module
 */

export { Dataset as Hdf5Dataset, File as Hdf5File, ready } from "npm:h5wasm@0.10.3";
