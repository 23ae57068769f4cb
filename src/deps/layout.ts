/**
 * The package that lays graphs out, beside `deps.ts` since only drawings need it.
 *
 * @module
 */

export * as dagre from "npm:@dagrejs/dagre@3.1.3";
