/**
 * The npm package that lays out graphs; only drawings load it.
 *
 * @module
 */

export * as dagre from "npm:@dagrejs/dagre@3.1.3";
