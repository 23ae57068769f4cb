/** The compiler of AssemblyScript, which makes the WebAssembly kernels. */
export { default as asc } from "npm:assemblyscript@0.28.20/asc";
