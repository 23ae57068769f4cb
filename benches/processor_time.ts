/**
 * The time that processors have worked for a program and its children. On a machine that
 * others use as well it says more than the time that has passed.
 *
 * @module
 */

/** Ticks of the clock of Linux in a second. */
const TICKS = 100;

/**
 * Seconds of all processes that descend from one, and of itself, so far.
 *
 * @param pid Id of the process.
 * @returns The seconds; `undefined` where the system is not Linux.
 */
export async function processorSeconds(pid: number): Promise<number | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const parents = new Map<number, number>(), ticks = new Map<number, number>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // One that ends meanwhile is not counted.
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => undefined);
    // The name of the program, in brackets, may have blanks in it.
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (!fields) continue;
    parents.set(Number(name), Number(fields[1]));
    ticks.set(Number(name), Number(fields[11]) + Number(fields[12]));
  }
  const isOurs = (id: number | undefined): boolean =>
    id === pid || id !== undefined && id > 1 && isOurs(parents.get(id));
  let sum = 0;
  for (const [id, number] of ticks) if (isOurs(id)) sum += number;
  return sum / TICKS;
}
