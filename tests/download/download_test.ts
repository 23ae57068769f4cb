import { pathToFileURL } from "node:url";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  download,
  type DownloadedFile,
  type DownloadOptions,
} from "../../src/download/download.ts";
import { DownloadError } from "../../src/download/error.ts";
import { findSource, type Source, SOURCES } from "../../src/download/sources.ts";
import { sha256 } from "../../src/checksum.ts";
import { testInFolder } from "../_in_folder.ts";
import { DATA, isMissing } from "../_fixtures.ts";
import { tarOf, zipOf } from "../archive/_archives.ts";
import { serveFiles } from "./_file_server.ts";

const A = new TextEncoder().encode("the file a");
const B = new TextEncoder().encode("the file b, longer");

/** Two files; size and checksum of the first are known. */
const SOURCE: Source = {
  name: "two",
  title: "Two files",
  publisher: "nobody",
  licence: "none",
  files: [
    { name: "a.txt", bytes: A.length, sha256: sha256(A) },
    { name: "b.txt", path: "deep/b.txt", alsoNamed: ["b_old.txt"] },
  ],
  mirrors: [],
};

/** Options so that no test waits. */
const QUICK = { attempts: 2, stallMs: 500, sleep: () => Promise.resolve() };

async function all(
  source: Source,
  options: DownloadOptions,
): Promise<DownloadedFile[]> {
  return await Array.fromAsync(download(source, { ...QUICK, ...options }));
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

const WHOLE = [".lock", "a.txt", "b.txt", "download.json"];

testInFolder(
  "download() fetches all files and recognizes them the second time",
  async (folder) => {
    await using server = serveFiles({ "a.txt": A, "deep/b.txt": B });
    const source = { ...SOURCE, mirrors: [server.url] };
    const found = await all(source, { folder });
    assertEquals(found, [
      {
        ...{ dataset: "two", file: "a.txt", path: `${folder}/a.txt`, bytes: A.length },
        ...{ sha256: sha256(A), from: `${server.url}a.txt`, state: "downloaded" },
      },
      {
        ...{ dataset: "two", file: "b.txt", path: `${folder}/b.txt`, bytes: B.length },
        ...{
          sha256: sha256(B),
          from: `${server.url}deep/b.txt`,
          state: "downloaded",
        },
      },
    ]);
    assertEquals(await Deno.readFile(`${folder}/b.txt`), B);
    assertEquals(namesIn(folder), WHOLE);
    const requests = server.requests.length;
    assertEquals(
      await all(source, { folder }),
      found.map((file) => ({ ...file, state: "present" })),
    );
    assertEquals(server.requests.length, requests);
  },
);

testInFolder(
  "download() takes from each mirror the files that it has",
  async (folder) => {
    await using first = serveFiles({
      "x.zip": zipOf([{ path: "in/a.txt", content: A }]),
    });
    await using second = serveFiles({ "deep/b.txt": B });
    const source = { ...SOURCE, mirrors: [`${first.url}x.zip`, second.url] };
    const found = await all(source, { folder });
    assertEquals(found.map(({ from }) => from), [
      `${first.url}x.zip!in/a.txt`,
      `${second.url}deep/b.txt`,
    ]);
    assertEquals(namesIn(folder), WHOLE);
  },
);

testInFolder(
  "download() goes on to the next mirror after each kind of failure",
  async (folder) => {
    const page = new TextEncoder().encode("<!doctype html><title>Moved</title>");
    const wrong = new TextEncoder().encode("the file A");
    await using pages = serveFiles({ "a.txt": page, "deep/b.txt": page });
    await using wrongs = serveFiles({ "a.txt": wrong });
    await using broken = serveFiles({ "x.zip": new TextEncoder().encode("PK\x03\x04") });
    await using good = serveFiles({ "a.txt": A, "deep/b.txt": B });
    const mirrors = [pages.url, wrongs.url, `${broken.url}x.zip`, good.url];
    const found = await all({ ...SOURCE, mirrors }, { folder });
    assertEquals(found.map(({ from }) => from), [
      `${good.url}a.txt`,
      `${good.url}deep/b.txt`,
    ]);
    assertEquals(namesIn(folder), WHOLE);
  },
);

testInFolder(
  "download() names every address with its reason if all fail",
  async (folder) => {
    const page = new TextEncoder().encode("<!doctype html><title>Moved</title>");
    await using pages = serveFiles({ "a.txt": page, "deep/b.txt": page });
    await using empty = serveFiles({ "x.zip": zipOf([]), "y.zip": A });
    const mirrors = [pages.url, `${empty.url}x.zip`, `${empty.url}y.zip`, empty.url];
    const error = await assertRejects(
      () => all({ ...SOURCE, mirrors }, { folder }),
      DownloadError,
    );
    assertEquals(
      error.message,
      `Cannot download "two": no address has its files: ` +
        `${pages.url}: sent a web page ("Moved") instead of the file; ` +
        `${empty.url}x.zip: has no "a.txt" (for "a.txt"); ` +
        `${empty.url}x.zip: has no "b.txt" (for "b.txt"); ` +
        `${empty.url}y.zip: Cannot read "y.zip": it is not a zip, tar or tar.gz; ` +
        `${empty.url}: answered 404 Not Found; ` +
        `if you can get it elsewhere, run "deno task download two --from <folder, zip, tar.gz or URL>"`,
    );
    assertEquals(namesIn(folder), [".lock"]);
  },
);

testInFolder(
  "download() asks an unreachable server twice, for one file",
  async (folder) => {
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    const mirrors = [`http://127.0.0.1:${port}/`];
    let pauses = 0;
    const sleep = () => Promise.resolve(void pauses++);
    const error = await assertRejects(() =>
      all({ ...SOURCE, mirrors }, { folder, sleep, attempts: 5 })
    );
    assertStringIncludes(error.message, `/: cannot be reached (`);
    assertEquals(pauses, 1);
  },
);

testInFolder("download() tries --mirror before the publisher", async (folder) => {
  await using mirror = serveFiles({ "a.txt": A });
  await using publisher = serveFiles({ "a.txt": A, "deep/b.txt": B });
  const source = { ...SOURCE, mirrors: [publisher.url] };
  await all(source, { folder, mirror: mirror.url.slice(0, -1) });
  assertEquals(mirror.requests.map(({ path }) => path), ["a.txt", "deep/b.txt"]);
  assertEquals(publisher.requests.map(({ path }) => path), ["deep/b.txt"]);
});

for (
  const [kind, write] of [
    ["folder", async (place: string) => {
      await Deno.mkdir(`${place}/deep`);
      await Deno.writeFile(`${place}/a.txt`, A);
      await Deno.writeFile(`${place}/deep/b.txt`, B);
      return place;
    }],
    ["folder with other names", async (place: string) => {
      await Deno.writeFile(`${place}/a.txt`, A);
      await Deno.writeFile(`${place}/b_old.txt`, B);
      return place;
    }],
    ["zip", async (place: string) => {
      const items = [
        { path: "older/deep/a.txt", content: B },
        { path: "x/a.txt", content: A },
        { path: "x/b_old.txt", content: B },
      ];
      await Deno.writeFile(`${place}/x.zip`, zipOf(items));
      return `${place}/x.zip`;
    }],
    ["tar of another name", async (place: string) => {
      const items = [{ path: "a.txt", content: A }, { path: "b.txt", content: B }];
      await Deno.writeFile(`${place}/x y`, tarOf(items));
      return `${place}/x y`;
    }],
    ["file: URL", async (place: string) => {
      await Deno.mkdir(`${place}/x y`);
      await Deno.writeFile(`${place}/x y/a.txt`, A);
      await Deno.writeFile(`${place}/x y/b.txt`, B);
      return String(pathToFileURL(`${place}/x y`));
    }],
  ] as const
) {
  testInFolder(
    `download() takes --from a ${kind}, and only from there`,
    async (folder) => {
      await using publisher = serveFiles({ "a.txt": A, "deep/b.txt": B });
      await Deno.mkdir(`${folder}/in`);
      const from = await write(`${folder}/in`);
      const source = { ...SOURCE, mirrors: [publisher.url] };
      const found = await all(source, { folder: `${folder}/out`, from });
      assertEquals(found.map(({ state }) => state), ["downloaded", "downloaded"]);
      assertEquals(await Deno.readFile(`${folder}/out/a.txt`), A);
      assertEquals(await Deno.readFile(`${folder}/out/b.txt`), B);
      assertEquals(namesIn(`${folder}/out`), WHOLE);
      assertEquals(publisher.requests, []);
    },
  );
}

testInFolder(
  "download() takes --from the URL of a folder or an archive",
  async (folder) => {
    const items = [{ path: "a.txt", content: A }, { path: "b.txt", content: B }];
    await using server = serveFiles({
      "d/a.txt": A,
      "d/deep/b.txt": B,
      "x.tar": tarOf(items),
    });
    await all(SOURCE, { folder: `${folder}/1`, from: `${server.url}d` });
    await all(SOURCE, { folder: `${folder}/2`, from: `${server.url}x.tar` });
    assertEquals(namesIn(`${folder}/1`), WHOLE);
    assertEquals(namesIn(`${folder}/2`), WHOLE);
  },
);

testInFolder("download() refuses a wrong file from the user's --from", async (folder) => {
  await Deno.mkdir(`${folder}/in`);
  await Deno.writeFile(`${folder}/in/a.txt`, B);
  await Deno.writeFile(`${folder}/in/b.txt`, B);
  const error = await assertRejects(
    () => all(SOURCE, { folder: `${folder}/out`, from: `${folder}/in` }),
    DownloadError,
  );
  const [is, must] = [sha256(B), sha256(A)].map((sum) => sum.slice(0, 12));
  assertStringIncludes(
    error.message,
    `no address has "a.txt": ${folder}/in: SHA-256 is ${is}…, expected ${must}… (for "a.txt")`,
  );
  assertEquals(namesIn(`${folder}/out`), [".lock", "b.txt", "download.json"]);
});

testInFolder(
  "download() reports that --from does not exist, or lacks a file",
  async (folder) => {
    await assertRejects(
      () => all(SOURCE, { folder, from: `${folder}/no` }),
      Error,
      `Cannot find "${folder}/no": no such file or folder`,
    );
    await Deno.mkdir(`${folder}/in`);
    await assertRejects(
      () => all(SOURCE, { folder, from: `${folder}/in` }),
      DownloadError,
      `${folder}/in: has no "b.txt" or "deep/b.txt" or "b_old.txt" (for "b.txt")`,
    );
  },
);

testInFolder(
  "download() refuses an existing file with wrong contents",
  async (folder) => {
    await using server = serveFiles({ "a.txt": A, "deep/b.txt": B });
    const source = { ...SOURCE, mirrors: [server.url] };
    await all(source, { folder });
    await Deno.writeFile(`${folder}/a.txt`, B);
    const [is, must] = [sha256(B), sha256(A)].map((sum) => sum.slice(0, 12));
    await assertRejects(
      () => all(source, { folder }),
      Error,
      `Cannot use "${folder}/a.txt": SHA-256 is ${is}…, expected ${must}…; delete it and download it again`,
    );
    await Deno.remove(`${folder}/a.txt`);
    await all(source, { folder });
    // Only the record knows the checksum of the other file.
    await Deno.writeFile(`${folder}/b.txt`, A);
    await assertRejects(
      () => all(source, { folder }),
      Error,
      `Cannot use "${folder}/b.txt": SHA-256 is `,
    );
  },
);

testInFolder(
  "download() checks a file against the record of the first time",
  async (folder) => {
    const files = { "a.txt": A, "deep/b.txt": B };
    await using server = serveFiles(files);
    const source = { ...SOURCE, mirrors: [server.url] };
    await all(source, { folder });
    await Deno.remove(`${folder}/b.txt`);
    files["deep/b.txt"] = new TextEncoder().encode("THE FILE b, longer");
    await assertRejects(
      () => all(source, { folder }),
      DownloadError,
      `; if the publisher has a new version, delete "${folder}/download.json"`,
    );
  },
);

testInFolder("download() records a file that the user put there", async (folder) => {
  await Deno.writeFile(`${folder}/a.txt`, A);
  await Deno.writeFile(`${folder}/b.txt`, B);
  const found = await all(SOURCE, { folder });
  assertEquals(found.map(({ state, from }) => [state, from]), [
    ["present", `${folder}/a.txt`],
    ["present", `${folder}/b.txt`],
  ]);
});

for (const text of ["{", `{"files": {"a.txt": {"bytes": 1}}}`, "null"]) {
  testInFolder(`download() refuses a record that says ${text}`, async (folder) => {
    await Deno.writeTextFile(`${folder}/download.json`, text);
    const error = await assertRejects(() => all(SOURCE, { folder }), SyntaxError);
    assertStringIncludes(error.message, `Cannot read "${folder}/download.json": `);
    assertStringIncludes(error.message, "delete it to record checksums again");
  });
}

testInFolder(
  "download() asks users to accept the licence if the publisher requires it",
  async (folder) => {
    await using server = serveFiles({ "a.txt": A, "deep/b.txt": B });
    const source = { ...SOURCE, mirrors: [server.url], mustAccept: true };
    await assertRejects(
      () => all(source, { folder }),
      Error,
      `Cannot download "two" as its publisher requires users to accept the terms (none)`,
    );
    assertEquals(server.requests, []);
    assertEquals((await all(source, { folder, acceptLicence: true })).length, 2);
  },
);

testInFolder("download() lets one process at a time into a folder", async (folder) => {
  using lock = await Deno.open(`${folder}/.lock`, { write: true, create: true });
  assert(await lock.tryLock(true));
  await assertRejects(
    () => all(SOURCE, { folder }),
    Error,
    `Cannot write to "${folder}": another process is writing to it`,
  );
});

const PACKED: Source = {
  ...SOURCE,
  files: [{ name: "data.zip" }],
  unpackTo: "data",
};

testInFolder("download() unpacks a source that is one archive", async (folder) => {
  const zip = zipOf([{ path: "a.txt", content: A }, { path: "d/b.txt", content: B }]);
  await using server = serveFiles({ "data.zip": zip, "copy.zip": zip });
  const source = { ...PACKED, mirrors: [server.url] };
  const [file, unpacked] = await all(source, { folder: `${folder}/1` });
  assertEquals([file.file, unpacked.file, unpacked.state], [
    "data.zip",
    "data/",
    "downloaded",
  ]);
  assertEquals(await Deno.readFile(`${folder}/1/data/d/b.txt`), B);
  const again = await all(source, { folder: `${folder}/1` });
  assertEquals(again.map(({ state }) => state), ["present", "present"]);
  // Users may delete the archive to save space.
  await Deno.remove(`${folder}/1/data.zip`);
  assertEquals((await all(source, { folder: `${folder}/1` })).length, 1);

  await Deno.writeFile(`${folder}/mine.zip`, zip);
  await Deno.mkdir(`${folder}/in`);
  await Deno.writeFile(`${folder}/in/data.zip`, zip);
  const places = [`${folder}/mine.zip`, `${folder}/in`, `${server.url}copy.zip`];
  for (const [i, from] of places.entries()) {
    await all(PACKED, { folder: `${folder}/from${i}`, from });
    assertEquals(namesIn(`${folder}/from${i}/data`), ["a.txt", "d"]);
  }
});

testInFolder(
  "download() leaves no folder behind if it refuses the archive",
  async (folder) => {
    const zip = zipOf([{ path: "a.txt" }, { path: "../b.txt", content: B }]);
    await Deno.writeFile(`${folder}/mine.zip`, zip);
    await assertRejects(
      () => all(PACKED, { folder: `${folder}/out`, from: `${folder}/mine.zip` }),
      RangeError,
      `Cannot unpack "data.zip": the path "../b.txt" leads out of the folder`,
    );
    assertEquals(namesIn(`${folder}/out`), [".lock", "data.zip", "download.json"]);
  },
);

testInFolder("download() reports its progress by file", async (folder) => {
  await using server = serveFiles({ "a.txt": A, "deep/b.txt": B });
  const last = new Map<string, [number, number]>();
  await all({ ...SOURCE, mirrors: [server.url] }, {
    folder,
    onProgress: (file, done, total) => last.set(file, [done, total]),
  });
  assertEquals([...last], [
    ["a.txt", [A.length, A.length]],
    ["b.txt", [B.length, B.length]],
  ]);
});

Deno.test("findSource() knows datasets by name, and the nearest to a wrong one", () => {
  for (const { name } of SOURCES) assertEquals(findSource(name).name, name);
  const run = () => Promise.resolve().then(() => findSource("vdr", ["synthetic"]));
  return assertRejects(
    run,
    RangeError,
    `Cannot find the dataset "vdr": known are vrd, vrd_rcnn, vg150, vg5k, sgp, photographs, glove, glove_840b, synthetic; the nearest is "vrd"`,
  ).then(() => {});
});

Deno.test("SOURCES have checksums that are checksums and mirrors that are URLs", () => {
  for (const { name, files, mirrors, licence, publisher } of SOURCES) {
    assert(licence !== "" && publisher !== "", name);
    assert(mirrors.every((mirror) => /\/$|\.zip$/.test(new URL(mirror).pathname)), name);
    for (const { sha256 } of files) {
      assert(sha256 === undefined || /^[0-9a-f]{64}$/.test(sha256), name);
    }
  }
});

const VRD = `${DATA}/vrd`;
const isVrdMissing = isMissing(VRD);
const VRD_FILES = findSource("vrd").files.map(({ name }) => name);
/** The files of the publisher's archive. */
const IN_ARCHIVE = VRD_FILES.filter((name) => !name.includes("metadata"));

function vrdFiles(names: readonly string[]): Record<string, Uint8Array<ArrayBuffer>> {
  return Object.fromEntries(
    names.map((name) => [name, Deno.readFileSync(`${VRD}/${name}`)]),
  );
}

testInFolder(
  "download() gets VRD from the archive of the publisher and the mirror",
  async (folder) => {
    const items = Object.entries(vrdFiles(IN_ARCHIVE)).map(([path, content]) => ({
      path: `json_dataset/${path}`,
      content,
    }));
    await using publisher = serveFiles({ "json_dataset.zip": zipOf(items) });
    await using mirror = serveFiles(vrdFiles(VRD_FILES));
    const mirrors = [`${publisher.url}json_dataset.zip`, mirror.url];
    const found = await all({ ...findSource("vrd"), mirrors }, { folder });
    assertEquals(found.length, 6);
    assertEquals(mirror.requests.map(({ path }) => path), [
      "train_image_metadata.json",
      "test_image_metadata.json",
    ]);
    for (const name of VRD_FILES) {
      const [is, must] = [`${folder}/${name}`, `${VRD}/${name}`].map(Deno.readFileSync);
      assertEquals(is, must);
    }
  },
  { ignore: isVrdMissing },
);

testInFolder(
  "download() takes VRD --from a folder and --from a zip",
  async (folder) => {
    const found = await all(findSource("vrd"), { folder: `${folder}/1`, from: VRD });
    assertEquals(found.map(({ state }) => state), Array(6).fill("downloaded"));
    const items = Object.entries(vrdFiles(VRD_FILES)).map(([path, content]) => ({
      path,
      content,
    }));
    await Deno.writeFile(`${folder}/vrd.zip`, zipOf(items));
    const from = `${folder}/vrd.zip`;
    const zipped = await all(findSource("vrd"), { folder: `${folder}/2`, from });
    assertEquals(
      zipped.map(({ sha256 }) => sha256).sort(),
      found.map(({ sha256 }) => sha256).sort(),
    );
  },
  { ignore: isVrdMissing },
);

const VG5K = `${DATA}/vg5k`;

testInFolder(
  "download() gets vg5k from its one address, the detections from a folder of it",
  async (folder) => {
    const source = findSource("vg5k");
    const files = Object.fromEntries(
      source.files.map(({ name, path }) =>
        [`150/${path ?? name}`, Deno.readFileSync(`${VG5K}/${name}`)] as const
      ),
    );
    await using server = serveFiles(files);
    const found = await all({ ...source, mirrors: [`${server.url}150/`] }, { folder });
    assertEquals(found.map(({ file, from }) => [file, from]), [
      ["data_annos_img_test.json", `${server.url}150/data_annos_img_test.json`],
      ["objects.json", `${server.url}150/objects.json`],
      ["predicates.json", `${server.url}150/predicates.json`],
      ["tuples-counts_train.json", `${server.url}150/tuples-counts_train.json`],
      ["det_res.pkl", `${server.url}150/eval/det_res.pkl`],
    ]);
    const from = `${folder}/in`;
    await Deno.mkdir(from);
    for (const { name } of source.files) {
      await Deno.copyFile(`${VG5K}/${name}`, `${from}/${name}`);
    }
    const copied = await all(source, { folder: `${folder}/2`, from });
    assertEquals(copied.map(({ sha256 }) => sha256), found.map(({ sha256 }) => sha256));
  },
  { ignore: isMissing(VG5K) },
);

const RCNN = `${VRD}/lu2016`;

testInFolder(
  "download() puts the detections of VRD beside its annotations",
  async (folder) => {
    const source = findSource("vrd_rcnn");
    await using server = serveFiles(Object.fromEntries(
      source.files.map(({ name }) => [name, Deno.readFileSync(`${RCNN}/${name}`)]),
    ));
    const here = Deno.cwd();
    Deno.chdir(folder);
    try {
      const found = await all(source, { from: server.url });
      assertEquals(
        found.map(({ path, state }) => [path, state]),
        source.files.map(({ name }) => [`data/raw/vrd/${name}`, "downloaded"]),
      );
      // The files of another source in the same folder stay as they are.
      await Deno.writeFile("data/raw/vrd/a.txt", A);
      const again = await all(source, { from: server.url });
      assertEquals(again.map(({ state }) => state), ["present", "present"]);
      assertEquals(await Deno.readFile("data/raw/vrd/a.txt"), A);
    } finally {
      Deno.chdir(here);
    }
  },
  { ignore: isMissing(RCNN) },
);
