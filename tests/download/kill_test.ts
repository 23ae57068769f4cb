import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/random.ts";
import { testInFolder } from "../_in_folder.ts";
import { serveFiles } from "./_file_server.ts";
import { someBytes } from "../_some_bytes.ts";
import { usually } from "../_usually.ts";

/** Number of times that a downloading process is killed, at least. */
const KILLS = usually(16, 50);
/** The most kills: a busy machine may need more than {@linkcode KILLS} to resume often. */
const MOST_KILLS = 4 * KILLS;
/** Number of concurrent processes, each with its own file. */
const LANES = 2;

const MODULE = new URL("../../src/download/fetch_file.ts", import.meta.url).href;
const FILE = someBytes(900_000);

/** Starts a process that fetches the file. */
function start(url: string, path: string): Deno.ChildProcess {
  const program = `import { fetchFile } from "${MODULE}";
    await fetchFile("${url}", "${path}");`;
  return new Deno.Command(Deno.execPath(), { args: ["eval", "--no-check", program] })
    .spawn();
}

/** Kills one process after another; counts complete and resumed files. */
async function killAgainAndAgain(path: string, kills: number, random: Random) {
  let onRequest = () => {};
  // The file comes at 16 kB a millisecond.
  await using server = serveFiles({ a: FILE }, {
    pauseMs: 1,
    answer: () => void onRequest(),
  });
  const wait = (milliseconds: number) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));
  const startAndAsk = async () => {
    const asked = new Promise<void>((resolve) => onRequest = resolve);
    const child = start(`${server.url}a`, path);
    await Promise.race([asked, child.status]);
    return child;
  };
  // Time an undisturbed download, which is the latest moment for killing one.
  const undisturbed = await startAndAsk();
  const begin = performance.now();
  await undisturbed.status;
  const latest = performance.now() - begin;
  assertEquals(await Deno.readFile(path), FILE);
  await Deno.remove(path);
  let [whole, resumed] = [0, 0];
  const isEnough = (kill: number) => kill >= kills && whole > 0 && resumed > kills / 5;
  for (let kill = 0; !isEnough(kill) && kill < MOST_KILLS / LANES; kill++) {
    const first = server.requests.length;
    const child = await startAndAsk();
    await wait(random.between(0, latest));
    try {
      child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended by itself
    }
    await child.status;
    if (/^bytes=[1-9]/.test(server.requests[first]?.range ?? "")) resumed++;
    const found = await Deno.readFile(path).catch(() => undefined);
    if (found === undefined) continue;
    assertEquals(found, FILE);
    await Deno.remove(path);
    whole++;
  }
  const { success } = await start(`${server.url}a`, path).status;
  assert(success);
  assertEquals(await Deno.readFile(path), FILE);
  return { whole, resumed };
}

testInFolder(
  "fetchFile() killed at any moment leaves the whole file or resumes",
  async (folder) => {
    const lanes = await Promise.all(
      Array.from(
        { length: LANES },
        (_, lane) =>
          killAgainAndAgain(`${folder}/${lane}`, KILLS / LANES, new Random(11, lane)),
      ),
    );
    const sum = (key: "whole" | "resumed") =>
      lanes.reduce((total, lane) => total + lane[key], 0);
    assert(sum("whole") > 0, "no process came to the end");
    assert(
      sum("resumed") > KILLS / 5,
      `only ${sum("resumed")} went on where another had ended`,
    );
  },
);
