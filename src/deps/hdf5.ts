/**
 * The npm package that reads HDF5: 5 MB of WebAssembly. `mod.ts` does not load it.
 *
 * @module
 */

export { Dataset as Hdf5Dataset, File as Hdf5File, ready } from "npm:h5wasm@0.10.3";
