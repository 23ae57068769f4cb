/**
 * Runs `merge` with the same arguments, then says on stderr how long it took, how much
 * processor time that was, and how much memory it needed at most, as Linux tells.
 *
 * @module
 */

import process from "node:process";

const start = performance.now();
await import("../tasks/merge.ts");
const seconds = (performance.now() - start) / 1000;
const status = await Deno.readTextFile("/proc/self/status");
const peak = Number(/VmHWM:\s*(\d+) kB/.exec(status)![1]) * 1024 / 1e6;
const { user, system } = process.cpuUsage();
console.error(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak }));
