/** Properties with values by chance, for tests. */
export { default } from "npm:fast-check@4.3.0";
