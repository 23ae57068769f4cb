/**
 * Runs `merge` with the same arguments, then says on stderr how long it took and how much
 * memory it needed at most, as Linux tells.
 *
 * @module
 */

const start = performance.now();
await import("../tasks/merge.ts");
const seconds = (performance.now() - start) / 1000;
const status = await Deno.readTextFile("/proc/self/status");
const peak = Number(/VmHWM:\s*(\d+) kB/.exec(status)![1]) * 1024 / 1e6;
console.error(JSON.stringify({ seconds, peak }));
