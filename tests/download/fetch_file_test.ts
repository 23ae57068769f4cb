import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DownloadError, type FailureKind } from "../../src/download/error.ts";
import { fetchFile, type FetchOptions } from "../../src/download/fetch_file.ts";
import { sha256 } from "../../src/checksum.ts";
import { inFolder } from "../_in_folder.ts";
import { serveFiles, serveRaw } from "./_file_server.ts";
import { someBytes } from "../_some_bytes.ts";

const FILE = someBytes(300_000);
const SHA256 = sha256(FILE);

/** Returns at once and records how long it should have waited. */
function pauses(): { sleep: FetchOptions["sleep"]; waited: number[] } {
  const waited: number[] = [];
  return {
    waited,
    sleep(milliseconds) {
      waited.push(milliseconds);
      return Promise.resolve();
    },
  };
}

/** Gives `run` the path of a file in an empty folder. */
function withPath(run: (path: string) => Promise<void>): Promise<void> {
  return inFolder((folder) => run(`${folder}/a.bin`));
}

async function namesBeside(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(path.slice(0, path.lastIndexOf("/")))) {
    names.push(name);
  }
  return names.sort();
}

/** Each test gets the path of a file in an empty folder. */
function test(name: string, run: (path: string) => Promise<void>): void {
  Deno.test(name, () => withPath(run));
}

async function assertFails(
  url: string,
  path: string,
  kind: FailureKind,
  reason: string,
  options: Parameters<typeof fetchFile>[2] = {},
): Promise<void> {
  const error = await assertRejects(
    () => fetchFile(url, path, { attempts: 2, stallMs: 200, ...pauses(), ...options }),
    DownloadError,
    reason,
  );
  assertEquals(error.kind, kind);
  assertStringIncludes(error.message, `Cannot download "${url}": `);
}

test("fetchFile() fetches a file and returns its size and SHA-256", async (path) => {
  await using server = serveFiles({ a: FILE });
  const progress: number[] = [];
  const found = await fetchFile(`${server.url}a`, path, {
    onProgress: (done) => progress.push(done),
  });
  assertEquals(found, { bytes: FILE.length, sha256: SHA256 });
  assertEquals(await Deno.readFile(path), FILE);
  assertEquals(await namesBeside(path), ["a.bin"]);
  assertEquals(progress.at(0), 0);
  assertEquals(progress.at(-1), FILE.length);
});

test("fetchFile() fetches an empty file", async (path) => {
  await using server = serveFiles({ a: new Uint8Array(0) });
  assertEquals((await fetchFile(`${server.url}a`, path)).bytes, 0);
  assertEquals(await namesBeside(path), ["a.bin"]);
});

test("fetchFile() takes a file of unknown length", async (path) => {
  await using server = serveRaw(
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
  );
  assertEquals((await fetchFile(`${server.url}a`, path)).bytes, 5);
  assertEquals(await Deno.readTextFile(path), "abcde");
});

test("fetchFile() resumes after the server closed early", async (path) => {
  const head = `HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: 10\r\n\r\nabcd`;
  const rest = `HTTP/1.1 206 Partial Content\r\netag: "1"\r\ncontent-length: 6\r\n` +
    `content-range: bytes 4-9/10\r\n\r\nefghij`;
  await using server = serveRaw(head, rest);
  const { sleep, waited } = pauses();
  await fetchFile(`${server.url}a`, path, { sleep });
  assertEquals(await Deno.readTextFile(path), "abcdefghij");
  assertEquals(server.requests[1].range, "bytes=4-");
  assertEquals(server.requests[1].ifRange, `"1"`);
  assertEquals(waited, [1000]);
});

test("fetchFile() resumes where an earlier process ended", async (path) => {
  const options = { ranges: true, etag: `"1"`, isBroken: true };
  await using server = serveFiles({ a: FILE }, {
    answer: ({ range }) =>
      options.isBroken && range !== null
        ? new Response(null, { status: 503 })
        : options.isBroken
        ? new Response(brokenAfter(FILE.subarray(0, 100_000)), {
          headers: { etag: `"1"`, "content-length": "300000" },
        })
        : undefined,
  });
  await assertFails(`${server.url}a`, path, "status", "answered 503", { attempts: 2 });
  assertEquals(await namesBeside(path), ["a.bin.partial", "a.bin.partial.json"]);
  options.isBroken = false;
  const first = server.requests.length;
  await fetchFile(`${server.url}a`, path);
  assertEquals(server.requests[first].range, "bytes=100000-");
  assertEquals(server.requests[first].ifRange, `"1"`);
  assertEquals(await Deno.readFile(path), FILE);
});

function brokenAfter(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream({
    pull(controller) {
      if (isSent) controller.error(new Error("broken on purpose"));
      else controller.enqueue(bytes);
      isSent = true;
    },
  });
}

/** Leaves the first bytes on disk, as a killed process does. */
async function leavePart(path: string, url: string, validator?: string): Promise<void> {
  await Deno.writeFile(`${path}.partial`, FILE.subarray(0, 1000));
  await Deno.writeTextFile(
    `${path}.partial.json`,
    JSON.stringify({ url, bytes: FILE.length, validator }),
  );
}

test("fetchFile() starts over if the server does not support ranges", async (path) => {
  await using server = serveFiles({ a: FILE }, { ranges: false });
  await leavePart(path, `${server.url}a`, `"1"`);
  await fetchFile(`${server.url}a`, path);
  assertEquals(server.requests.length, 1);
  assertEquals(await Deno.readFile(path), FILE);
});

test("fetchFile() starts over if the file has changed", async (path) => {
  await using server = serveFiles({ a: FILE }, { etag: `"2"` });
  await leavePart(path, `${server.url}a`, `"1"`);
  await Deno.writeFile(`${path}.partial`, new Uint8Array(1000));
  await fetchFile(`${server.url}a`, path);
  assertEquals(await Deno.readFile(path), FILE);
});

test("fetchFile() starts over if nothing says that the file is the same", async (path) => {
  await using server = serveFiles({ a: FILE }, { etag: null });
  await leavePart(path, `${server.url}a`);
  await fetchFile(`${server.url}a`, path);
  assertEquals(server.requests.map(({ range }) => range), [null]);
});

test("fetchFile() resumes at another address if the SHA-256 is known", async (path) => {
  await using server = serveFiles({ a: FILE });
  await leavePart(path, "http://elsewhere.example/a", `"x"`);
  await fetchFile(`${server.url}a`, path, { sha256: SHA256 });
  assertEquals(server.requests.map(({ range }) => range), ["bytes=1000-"]);
  assertEquals(server.requests[0].ifRange, null);
});

test("fetchFile() starts over if two versions were joined", async (path) => {
  await using server = serveFiles({ a: FILE });
  await leavePart(path, `${server.url}a`, `"1"`);
  await Deno.writeFile(`${path}.partial`, new Uint8Array(1000));
  await fetchFile(`${server.url}a`, path, { sha256: SHA256 });
  assertEquals(await Deno.readFile(path), FILE);
});

for (
  const [name, version] of [
    ["no JSON", "{"],
    ["not a version", `{"url": 1}`],
    ["null", "null"],
    ["a version without a size", `{"url":"u"}`],
    ["a version with a fraction as size", `{"url":"u","bytes":1000.5}`],
    ["a version with a text as size", `{"url":"u","bytes":"300000"}`],
    ["a version with a number as validator", `{"url":"u","bytes":300000,"validator":1}`],
    ["a version of fewer bytes than there are", `{"url":"u","bytes":999}`],
    ["nothing", undefined],
  ]
) {
  test(`fetchFile() starts over if ${name} stands beside the bytes`, async (path) => {
    await using server = serveFiles({ a: FILE });
    const text = version?.replace(
      `"url":"u"`,
      `"validator":"\\"1\\"","url":"${server.url}a"`,
    );
    if (text !== undefined) await Deno.writeTextFile(`${path}.partial.json`, text);
    await Deno.writeFile(`${path}.partial`, new Uint8Array(1000));
    await fetchFile(`${server.url}a`, path);
    assertEquals(await Deno.readFile(path), FILE);
    assertEquals(server.requests.map(({ range }) => range), [null]);
  });
}

test("fetchFile() asks for nothing if only the final name is missing", async (path) => {
  await using server = serveFiles({ a: FILE });
  await leavePart(path, `${server.url}a`, `"1"`);
  await Deno.writeFile(`${path}.partial`, FILE);
  await fetchFile(`${server.url}a`, path);
  assertEquals(server.requests, []);
  assertEquals(await namesBeside(path), ["a.bin"]);
});

test("fetchFile() starts over if the file has become shorter", async (path) => {
  await using server = serveFiles({ a: FILE.subarray(0, 500) });
  await leavePart(path, `${server.url}a`, `"1"`);
  await fetchFile(`${server.url}a`, path);
  assertEquals(server.requests.map(({ range }) => range), ["bytes=1000-", null]);
  assertEquals(await Deno.readFile(path), FILE.subarray(0, 500));
});

for (
  const [what, etag, range, length] of [
    ["of another version", `"2"`, "bytes 1000-299999/300000", 299_000],
    ["of a longer file", `"1"`, "bytes 1000-300000/300001", 299_001],
    ["another part", `"1"`, "bytes 1000-1999/300000", 1000],
  ] as const
) {
  // A server that ignores If-Range or Range.
  test(`fetchFile() starts over if the rest is ${what}`, async (path) => {
    await using server = serveFiles({ a: FILE }, {
      answer: (request) =>
        request.range === null ? undefined : new Response(new Uint8Array(length), {
          status: 206,
          headers: { etag, "content-range": range },
        }),
    });
    await leavePart(path, `${server.url}a`, `"1"`);
    await Deno.writeFile(`${path}.partial`, new Uint8Array(1000));
    await fetchFile(`${server.url}a`, path, { attempts: 1 });
    assertEquals(await Deno.readFile(path), FILE);
    assertEquals(server.requests.map(({ range }) => range), ["bytes=1000-", null]);
  });
}

test("fetchFile() waits as long as the server asks, but no more than a minute", async (path) => {
  const headers = ["7", new Date(Date.now() + 20_000).toUTCString(), "3600", "soon"];
  await using server = serveFiles({ a: FILE }, {
    answer: (_request, count) =>
      count > headers.length ? undefined : new Response(null, {
        status: 429,
        headers: { "retry-after": headers[count - 1] },
      }),
  });
  const { sleep, waited } = pauses();
  await fetchFile(`${server.url}a`, path, { sleep });
  assertEquals(await Deno.readFile(path), FILE);
  const [seconds, date, ...others] = waited;
  assertEquals(seconds, 7000);
  assert(date > 10_000 && date <= 20_000, `${date}`);
  assertEquals(others, [60_000, 8000]);
});

test("fetchFile() gives up on a server that always answers 429", async (path) => {
  await using server = serveFiles({}, {
    answer: () => new Response(null, { status: 429, headers: { "retry-after": "9" } }),
  });
  const { sleep, waited } = pauses();
  const reason = "answered 429 Too Many Requests";
  await assertFails(`${server.url}a`, path, "status", reason, { sleep, attempts: 5 });
  assertEquals(waited, [9000, 9000, 9000, 9000]);
});

test("fetchFile() gives up on a server that sends too slowly", async (path) => {
  let isOver = false;
  await using server = serveRaw(async (connection) => {
    const write = (text: string) => connection.write(new TextEncoder().encode(text));
    try {
      await write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
      while (!isOver) {
        await write("x");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } catch {
      // The client has disconnected.
    }
  });
  const reason = "of 1000000 bytes: fewer than 65536 bytes in 0.2 s";
  await assertFails(`${server.url}a`, path, "stall", reason, { attempts: 3 });
  assertEquals(server.requests.length, 3);
  isOver = true;
});

test("fetchFile() does not give up on a slow server that sends enough", async (path) => {
  // At 16 KiB each 80 ms, 300,000 bytes take 1.4 s, and 64 KiB take 0.3 s.
  await using server = serveFiles({ a: FILE }, { pauseMs: 80 });
  await fetchFile(`${server.url}a`, path, { stallMs: 1000, attempts: 1 });
  assertEquals(await Deno.readFile(path), FILE);
});

for (
  const [when, answer] of [
    ["before the answer", ""],
    ["amid the file", 'HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: 10\r\n\r\nabc'],
    ["in a pause", "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"],
  ] as const
) {
  test(`fetchFile() ends ${when} if its signal says so`, async (path) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using server = serveRaw(async (connection) => {
      await connection.write(new TextEncoder().encode(answer));
      if (!answer.includes("503")) await promise;
    });
    const controller = new AbortController();
    const reason = new Error("enough");
    const end = () => controller.abort(reason);
    const isWaiting = when === "before the answer";
    const timer = isWaiting ? setTimeout(end, 100) : undefined;
    const error = await assertRejects(() =>
      fetchFile(`${server.url}a`, path, {
        signal: controller.signal,
        onProgress: (done) => done === 3 && end(),
        sleep: () => Promise.resolve(end()),
      })
    );
    clearTimeout(timer);
    resolve();
    assertEquals(error, reason);
    assertEquals(server.requests.length, 1);
    const left = ["a.bin.partial", "a.bin.partial.json"];
    assertEquals(await namesBeside(path), when === "amid the file" ? left : []);
  });
}

test("fetchFile() follows redirects", async (path) => {
  await using server = serveFiles({ a: FILE }, {
    answer: ({ path }) =>
      path === "old"
        ? new Response(null, { status: 302, headers: { location: "/a" } })
        : undefined,
  });
  await fetchFile(`${server.url}old`, path);
  assertEquals(await Deno.readFile(path), FILE);
});

test("fetchFile() waits longer each time, then gives up", async (path) => {
  await using server = serveFiles({}, {
    answer: () => new Response(null, { status: 500 }),
  });
  const { sleep, waited } = pauses();
  await assertFails(`${server.url}a`, path, "status", "500 Internal Server Error", {
    sleep,
    attempts: 5,
  });
  assertEquals(waited, [1000, 2000, 4000, 8000]);
  assertEquals(await namesBeside(path), []);
});

test("fetchFile() reports a missing file", async (path) => {
  await using server = serveFiles({});
  await assertFails(`${server.url}a`, path, "status", "answered 404 Not Found");
  assertEquals(server.requests.length, 1);
});

test("fetchFile() reports a server that cannot be reached", async (path) => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const url = `http://127.0.0.1:${port}/a`;
  await assertFails(url, path, "unreachable", "cannot be reached (");
});

test("fetchFile() reports a wrong address", async (path) => {
  const reason = "cannot be reached (";
  await assertFails("http://[/a", path, "unreachable", reason);
});

test("fetchFile() recognizes a web page by its content", async (path) => {
  const page = "\n<!DOCTYPE html><html><head><title>Sign in </title>";
  await using server = serveFiles({ a: new TextEncoder().encode(page) });
  const reason = `sent a web page ("Sign in") instead of the file`;
  await assertFails(`${server.url}a`, path, "page", reason);
  await assertFails(`${server.url}a`, path, "page", reason, { bytes: 9 });
  assertEquals(await namesBeside(path), []);
});

test("fetchFile() escapes control characters of a terminal", async (path) => {
  const page = "<html><title>\x1b[2J\x9b31m\u202eSign in</title>";
  await using server = serveFiles({ a: new TextEncoder().encode(page) }, {
    answer: ({ path }) =>
      path === "b"
        ? new Response(null, { status: 301, headers: { location: "x:\x9b2J" } })
        : undefined,
  });
  const title = String.raw`sent a web page ("\u{1b}[2J\u{9b}31m\u{202e}Sign in")`;
  await assertFails(`${server.url}a`, path, "page", title);
  const location = String.raw`redirects to "x:\u{9b}2J"`;
  await assertFails(`${server.url}b`, path, "redirects", location);
});

test("fetchFile() recognizes a web page by its type", async (path) => {
  await using server = serveFiles({}, {
    answer: () => new Response("gone", { headers: { "content-type": "text/html" } }),
  });
  const reason = "sent a web page instead of the file";
  await assertFails(`${server.url}a`, path, "page", reason);
});

test("fetchFile() reports a file of another size", async (path) => {
  await using server = serveFiles({ a: FILE });
  const reason = "says the file has 300000 bytes, expected 7";
  await assertFails(`${server.url}a`, path, "length", reason, { bytes: 7 });
});

test("fetchFile() reports a wrong checksum", async (path) => {
  await using server = serveFiles({ a: FILE });
  const reason = `SHA-256 is ${SHA256.slice(0, 12)}…, expected 000000000000…`;
  await assertFails(`${server.url}a`, path, "checksum", reason, {
    sha256: "0".repeat(64),
  });
  assertEquals(await namesBeside(path), []);
});

test("fetchFile() reports a wrong size if the server states none", async (path) => {
  await using server = serveRaw(
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
  );
  const reason = "size is 3 bytes, expected 4";
  await assertFails(`${server.url}a`, path, "checksum", reason, { bytes: 4 });
});

test("fetchFile() reports a connection that is closed early", async (path) => {
  await using server = serveRaw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc");
  const reason = "closed the connection early, after 3 of 100 bytes";
  await assertFails(`${server.url}a`, path, "early-close", reason);
});

test("fetchFile() reports more bytes than promised", async (path) => {
  await using server = serveRaw(
    "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-3/4\r\n" +
      "transfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
  );
  const reason = "lies about the length: sends more than the 4 bytes it said";
  await assertFails(`${server.url}a`, path, "length", reason);
});

test("fetchFile() reports fewer bytes than promised", async (path) => {
  await using server = serveRaw(
    "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-3/4\r\n" +
      "transfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
  );
  const reason = "lies about the length: said 4 bytes, sent 2";
  await assertFails(`${server.url}a`, path, "length", reason);
});

test("fetchFile() reports another range than requested", async (path) => {
  await using server = serveRaw(
    "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 5-8/9\r\n" +
      "content-length: 4\r\n\r\nabcd",
  );
  const reason = `lies about the length: asked for bytes 0-, promises "bytes 5-8/9"`;
  await assertFails(`${server.url}a`, path, "length", reason);
});

test("fetchFile() reports a server that stalls before its answer", async (path) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using server = serveRaw(() => promise);
  const reason = "stalled: no answer within 0.2 s";
  await assertFails(`${server.url}a`, path, "stall", reason, { attempts: 1 });
  resolve();
});

test("fetchFile() reports a server that stalls amid the file", async (path) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using server = serveRaw(async (connection) => {
    const text = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc";
    await connection.write(new TextEncoder().encode(text));
    await promise;
  });
  const reason = "stalled after 3 of 10 bytes: fewer than 65536 bytes in 0.2 s";
  await assertFails(`${server.url}a`, path, "stall", reason, { attempts: 1 });
  resolve();
});

test("fetchFile() reports a redirect loop", async (path) => {
  await using server = serveFiles({}, {
    answer: () => new Response(null, { status: 301, headers: { location: "/a" } }),
  });
  const reason = "redirects more than 10 times";
  await assertFails(`${server.url}a`, path, "redirects", reason);
  assertEquals(server.requests.length, 11);
});

test("fetchFile() does not follow a redirect out of HTTP", async (path) => {
  await using server = serveFiles({}, {
    answer: () =>
      new Response(null, { status: 301, headers: { location: "file:///etc/passwd" } }),
  });
  const reason = `redirects to "file:///etc/passwd", which is not followed`;
  await assertFails(`${server.url}a`, path, "redirects", reason);
});

Deno.test({
  name: "fetchFile() says which permission is missing",
  permissions: { net: ["127.0.0.1"], read: true, write: true },
  fn: () =>
    withPath((path) =>
      assertFails(
        "http://publisher.example:81/a",
        path,
        "permission",
        'not permitted; run the script of the task by "deno run" with --allow-net=publisher.example:81',
      )
    ),
});

const MODULE = new URL("../../src/download/fetch_file.ts", import.meta.url).href;

Deno.test({
  name: "fetchFile() stops when the disk takes no more, without a second try",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withPath(async (path) => {
      await using server = serveFiles({ a: FILE });
      const program = `import { fetchFile } from "${MODULE}";
        await fetchFile("${server.url}a", "${path}").catch((e) => console.log(e.message));`;
      // Files may have 100 blocks: 51,200 bytes (or 102,400, as shells differ).
      const script = `trap "" XFSZ; ulimit -f 100; exec "$0" eval "$1"`;
      const { stdout } = await new Deno.Command("sh", {
        args: ["-c", script, Deno.execPath(), program],
        env: { DENO_NO_UPDATE_CHECK: "1" },
      }).output();
      const message = new TextDecoder().decode(stdout);
      assertStringIncludes(message, `(os error 27): write '${path}.partial'`);
      assertEquals(server.requests.length, 1);
      assertEquals((await namesBeside(path)).includes("a.bin"), false);
    }),
});

test("fetchFile() goes through the proxy of the environment", async (path) => {
  await using proxy = serveFiles({ "dir/a": FILE });
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { fetchFile } from "${MODULE}";
       await fetchFile("http://publisher.invalid/dir/a", "${path}", { attempts: 1 });`,
    ],
    env: { HTTP_PROXY: proxy.url, http_proxy: proxy.url, NO_PROXY: "", no_proxy: "" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertEquals(await Deno.readFile(path), FILE);
});
