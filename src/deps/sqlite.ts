/**
 * SQLite, which is a part of Deno and of Node.js.
 *
 * @module
 */

export { DatabaseSync, type StatementSync } from "node:sqlite";
