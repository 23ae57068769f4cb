/**
 * The npm package that answers requests: routes, headers and limits of a local server.
 * `mod.ts` does not load it.
 *
 * @module
 */

export { type Context, Hono } from "npm:hono@4.13.19";
export { bodyLimit } from "npm:hono@4.13.19/body-limit";
export { secureHeaders } from "npm:hono@4.13.19/secure-headers";
