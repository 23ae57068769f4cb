import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "../../src/archive/_guard.ts";
import { entries, isArchiveName } from "../../src/archive/archive.ts";
import type { OpenFile } from "../../src/files.ts";
import { fuzz, FUZZ_INPUTS } from "../_fuzz.ts";
import { asFile, collect, join, type TarItem, tarOf, zipOf } from "./_archives.ts";
import { someBytes } from "../_some_bytes.ts";

const utf8 = new TextEncoder();

/** Every file of an archive, as text. */
async function textsOf(
  bytes: Uint8Array,
  name: string,
  limits?: Partial<ArchiveLimits>,
): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  const all = { ...ARCHIVE_LIMITS, ...limits };
  for await (const { path, body } of entries(asFile(bytes, name), all)) {
    texts[path] = new TextDecoder().decode(await collect(body()));
  }
  return texts;
}

const TWO = { "a.json": "[1]", "b/c d.txt": "hello" };
const TWO_ITEMS = Object.entries(TWO).map(([path, content]) => ({ path, content }));

for (
  const [name, bytes] of [
    ["a.tar", tarOf(TWO_ITEMS)],
    ["a.tar.gz", gzipSync(tarOf(TWO_ITEMS))],
    ["deflated.zip", zipOf(TWO_ITEMS)],
    ["stored.zip", zipOf(TWO_ITEMS.map((item) => ({ ...item, stored: true })))],
    ["zip64.zip", zipOf(TWO_ITEMS.map((item) => ({ ...item, zip64: true })))],
    [
      "zip64_stored.zip",
      zipOf(TWO_ITEMS.map((item) => ({ ...item, zip64: true, stored: true }))),
    ],
  ] as const
) {
  Deno.test(`entries() reads the files of ${name}`, async () => {
    assertEquals(await textsOf(bytes, name), TWO);
  });

  Deno.test(`entries() of ${name} need not be read, nor read to the end`, async () => {
    const paths: string[] = [];
    for await (const { path } of entries(asFile(bytes, name))) paths.push(path);
    assertEquals(paths, Object.keys(TWO));
    for await (const { body } of entries(asFile(bytes, name))) {
      for await (const chunk of body()) {
        assert(chunk.length > 0);
        break;
      }
    }
    for await (const { path } of entries(asFile(bytes, name))) {
      assertEquals(path, "a.json");
      break;
    }
  });

  Deno.test(`entries() refuses ${name} cut anywhere`, async () => {
    // A tar may lose the last of its two zero blocks, but a gz stream may not lose its trailer.
    for (let i = 0; i < 200; i++) {
      const length = Math.floor(bytes.length * i / 200);
      await assertRejects(
        () => textsOf(bytes.subarray(0, length), name),
        SyntaxError,
        `Cannot read "${name}": `,
      );
    }
  });
}

Deno.test("entries() reads large files completely", async () => {
  const content = someBytes(3_000_000);
  for (
    const bytes of [tarOf([{ path: "a", content }]), zipOf([{ path: "a", content }])]
  ) {
    for await (const entry of entries(asFile(bytes, "a"))) {
      assertEquals(entry.bytes, content.length);
      assertEquals(await collect(entry.body()), content);
    }
  }
});

Deno.test("entries() leaves folders out", async () => {
  const folder = { path: "d/", mode: 0o40755 };
  assertEquals(await textsOf(zipOf([folder, ...TWO_ITEMS]), "a.zip"), TWO);
  const tar = tarOf([{ path: "d/", type: "5" }, { path: "../dataset/", type: "5" }]);
  assertEquals(await textsOf(tar, "a.tar"), {});
});

Deno.test("entries() reads an empty archive", async () => {
  assertEquals(await textsOf(zipOf([]), "a.zip"), {});
  assertEquals(await textsOf(gzipSync(tarOf([])), "a.tar.gz"), {});
});

Deno.test("entries() reads names with unusual characters", async () => {
  const names = [
    "Grüße 世界 😀.txt",
    `quote"s and 'these'`,
    "a\nb\tc",
    " space at both ends ",
    "-rf *",
    "a..b/..c/d..",
    "CON",
    `${"l".repeat(90)}/${"n".repeat(60)}`,
  ];
  const items = names.map((path) => ({ path, content: "x" }));
  const expected = Object.fromEntries(names.map((name) => [name, "x"]));
  assertEquals(await textsOf(zipOf(items), "a.zip"), expected);
  // Names beyond 100 bytes are in a PAX header of the entry before.
  const tar = tarOf(items.flatMap((item): TarItem[] => {
    const record = ` path=${item.path}\n`;
    const bytes = utf8.encode(record).length;
    const length = bytes + String(bytes + 3).length;
    return [{ path: "x", type: "x", content: `${length}${record}` }, {
      ...item,
      path: "y",
    }];
  }));
  assertEquals(await textsOf(tar, "a.tar"), expected);
});

Deno.test("entries() reads the old names of DOS", async () => {
  const path = new Uint8Array([0x81, 0x2e, 0x74]); // "ü.t" in code page 437
  assertEquals(await textsOf(zipOf([{ path, content: "x", flags: 0 }]), "a"), {
    "ü.t": "x",
  });
});

async function assertRefused(
  bytes: Uint8Array,
  message: string,
  limits?: Partial<ArchiveLimits>,
): Promise<void> {
  await assertRejects(() => textsOf(bytes, "a.bin", limits), RangeError, message);
}

for (
  const [path, why] of [
    ["../x", "leads out of the folder"],
    ["a/../../x", "leads out of the folder"],
    ["a/..", "leads out of the folder"],
    ["..\\x", "leads out of the folder"],
    ["/etc/passwd", "is absolute"],
    ["\\\\server\\x", "is absolute"],
    ["C:/x", "is absolute"],
    ["c:x", "is absolute"],
    [".", "names no file"],
    ["n".repeat(256), "has a name of more than 255 bytes"],
  ]
) {
  const shown = path.length > 100 ? `${path.slice(0, 97)}...` : path;
  Deno.test(`entries() refuses the path ${shown}`, async () => {
    const message = `Cannot unpack "a.bin": the path ${JSON.stringify(shown)} ${why}`;
    await assertRefused(zipOf([{ path, content: "x" }]), message);
    if (path.length <= 100) {
      await assertRefused(tarOf([{ path, content: "x" }]), message);
    }
  });
}

Deno.test("entries() refuses a zero in a path", async () => {
  await assertRefused(
    zipOf([{ path: "a\0b" }]),
    `the path "a\\u0000b" contains a zero byte`,
  );
});

Deno.test("entries() escapes control characters of a terminal in errors", async () => {
  const path = "\x1b[2J\x9b1m";
  const shown = String.raw`"\u{1b}[2J\u{9b}1m"`;
  await assertRefused(tarOf([{ path, type: "2", link: "x" }]), `${shown} is a link`);
  await assertRefused(zipOf([{ path, flags: 1 }]), `${shown} is encrypted`);
  await assertRefused(
    zipOf([{ path: `../${path}` }]),
    String.raw`the path "../\u001b[2J\u{9b}1m" leads out of the folder`,
  );
  const damaged = zipOf([{ path, content: "hello", stored: true }]);
  damaged[new TextDecoder("latin1").decode(damaged).indexOf("hello")] ^= 1;
  await assertRejects(() => textsOf(damaged, "\x1b.zip"), SyntaxError, shown);
  await assertRejects(
    () => textsOf(new Uint8Array(9), "\x1b.zip"),
    SyntaxError,
    String.raw`Cannot read "\u{1b}.zip": it is not a zip, tar or tar.gz`,
  );
});

Deno.test("entries() refuses links and devices", async () => {
  const kinds = [["1", "link"], ["2", "link"], ["3", "device"], ["4", "device"]];
  for (const [type, kind] of [...kinds, ["6", "device"]]) {
    await assertRefused(
      tarOf([{ path: "x", type, link: "/etc/passwd" }]),
      `Cannot unpack "a.bin": "x" is a ${kind}`,
    );
  }
  const modes = [[0o120777, "link"], [0o020644, "device"], [0o010644, "device"]] as const;
  for (const [mode, kind] of modes) {
    await assertRefused(zipOf([{ path: "x", mode }]), `"x" is a ${kind}`);
  }
});

Deno.test("entries() refuses encrypted files", async () => {
  await assertRefused(zipOf([{ path: "x", flags: 1 }]), `"x" is encrypted`);
});

Deno.test("entries() refuses a name twice, and a file that is a folder", async () => {
  const cases = [
    [["x", "x"], `it has "x" twice`],
    [["x", "./x"], `it has "x" twice`],
    [["x", "x/y"], `"x" is a file and a folder`],
    [["x/y/z", "x"], `"x" is a file and a folder`],
  ] as const;
  for (const [paths, message] of cases) {
    const items = paths.map((path) => ({ path, content: "1" }));
    await assertRefused(zipOf(items), message);
    await assertRefused(tarOf(items), message);
  }
});

Deno.test("entries() refuses more files or bytes than its limits", async () => {
  for (const bytes of [zipOf(TWO_ITEMS), tarOf(TWO_ITEMS)]) {
    await assertRefused(bytes, "it has more than 1 files", { entries: 1 });
    await assertRefused(bytes, `with "b/c d.txt" it has more than 7 bytes`, { bytes: 7 });
  }
});

Deno.test("entries() refuses a bomb and names it", async () => {
  const zeros = new Uint8Array(2 ** 23);
  const grows = "grows to more than 250 times its size";
  const items = [{ path: "zeros", content: zeros }];
  await assertRefused(zipOf(items), `Cannot unpack "a.bin": "zeros" ${grows}`);
  await assertRefused(gzipSync(tarOf(items)), `Cannot unpack "a.bin": it ${grows}`);
});

Deno.test("entries() refuses a bomb after the end of a tar", async () => {
  const bytes = gzipSync(join([tarOf(TWO_ITEMS), new Uint8Array(2 ** 26)]));
  await assertRefused(bytes, "grows to more than 250 times its size");
});

Deno.test("entries() refuses a bomb of many small files", async () => {
  // Each file unpacks to less than the free MiB, but all together grow 600 times.
  const content = new Uint8Array(2 ** 20);
  const items = Array.from({ length: 20 }, (_, i) => ({ path: `${i}`, content }));
  await assertRefused(zipOf(items), "grows to more than 250 times its size");
});

Deno.test("entries() refuses files that overlap", async () => {
  const content = someBytes(1000);
  const bytes = zipOf([{ path: "a", content, stored: true }, { path: "b", content }]);
  const view = new DataView(bytes.buffer);
  // The list puts the second file at the offset of the first.
  const list = new TextDecoder("latin1").decode(bytes).lastIndexOf("PK\x01\x02");
  view.setUint32(list + 42, 0, true);
  await assertRejects(
    () => textsOf(bytes, "a.zip"),
    SyntaxError,
    `Cannot read "a.zip": `,
  );
});

Deno.test("entries() refuses more packed bytes than the archive has", async () => {
  const content = someBytes(1000);
  const [one, many] = [zipOf([{ path: "a", content, stored: true }]), 3];
  const list = new TextDecoder("latin1").decode(one).lastIndexOf("PK\x01\x02");
  const rows = Array.from({ length: many }, (_, i) => {
    const row = one.slice(list, -22);
    row[46] = 0x61 + i;
    return row;
  });
  const end = one.slice(-22);
  const view = new DataView(end.buffer);
  view.setUint16(8, many, true);
  view.setUint16(10, many, true);
  view.setUint32(12, many * rows[0].length, true);
  const bytes = join([one.slice(0, list), ...rows, end]);
  const paths: string[] = [];
  await assertRejects(
    async () => {
      for await (const { path } of entries(asFile(bytes, "a.zip"))) paths.push(path);
    },
    RangeError,
    `Cannot unpack "a.zip": "b" overlaps other files`,
  );
});

Deno.test("entries() refuses a file whose size differs from the list", async () => {
  for (const size of [4, 6]) {
    const bytes = zipOf([{ path: "a", content: "hello", size }]);
    await assertRejects(
      () => textsOf(bytes, "a.zip"),
      SyntaxError,
      `Cannot read "a.zip"`,
    );
  }
});

Deno.test("entries() refuses a wrong checksum", async () => {
  const bytes = zipOf([{ path: "a", content: "hello", stored: true }]);
  bytes[new TextDecoder("latin1").decode(bytes).indexOf("hello")] ^= 1;
  const error = await assertRejects(() => textsOf(bytes, "a.zip"), SyntaxError);
  assertStringIncludes(error.message, `Cannot read "a.zip": "a": `);
});

Deno.test("entries() refuses a tar header with a wrong sum", async () => {
  const bytes = tarOf(TWO_ITEMS);
  bytes[0] ^= 1;
  await assertRejects(
    () => textsOf(bytes, "a.tar"),
    SyntaxError,
    `Cannot read "a.tar": `,
  );
});

Deno.test("entries() refuses a list of files that would fill the memory", async () => {
  const listBytes = 2 ** 29;
  const end = zipOf([]);
  const view = new DataView(end.buffer);
  view.setUint16(8, 1, true);
  view.setUint16(10, 1, true);
  view.setUint32(12, listBytes, true);
  const archive: OpenFile = {
    name: "a.zip",
    size: listBytes + end.length,
    read(start, length) {
      const bytes = new Uint8Array(Math.min(length, this.size - start));
      if (start === 0) bytes.set(utf8.encode("PK\x03\x04"));
      const place = listBytes - start;
      if (place < bytes.length) {
        bytes.set(end.subarray(Math.max(0, -place)), Math.max(0, place));
      }
      return Promise.resolve(bytes);
    },
  };
  await assertRejects(
    () => Array.fromAsync(entries(archive)),
    SyntaxError,
    `Cannot read "a.zip": its list of files must have at most `,
  );
});

Deno.test("entries() refuses files that are not archives", async () => {
  for (const bytes of [new Uint8Array(0), utf8.encode("<html>"), someBytes(5000)]) {
    await assertRejects(
      () => textsOf(bytes, "a.zip"),
      SyntaxError,
      `Cannot read "a.zip": it is not a zip, tar or tar.gz`,
    );
  }
});

Deno.test("isArchiveName() knows archives by their names", () => {
  assertEquals(["a.zip", "A.TGZ", "a.tar.gz", "a.tar"].filter(isArchiveName).length, 4);
  assertEquals(["zip", "a.gz", "a.json"].filter(isArchiveName).length, 0);
});

const LONG = { ...TWO, c: new TextDecoder("latin1").decode(someBytes(3000)) };
const LONG_ITEMS = Object.entries(LONG).map(([path, content]) => ({ path, content }));

for (
  const [kind, samples, hasChecksum] of [
    ["tar", [tarOf(LONG_ITEMS)], false],
    ["tar.gz", [gzipSync(tarOf(LONG_ITEMS))], true],
    ["zip", [
      zipOf(LONG_ITEMS),
      zipOf(LONG_ITEMS.map((item) => ({ ...item, stored: true, zip64: true }))),
    ], true],
  ] as const
) {
  Deno.test(`entries() survives any input as ${kind}`, async () => {
    const name = `fuzz.${kind}`;
    const { inputs, refused } = await fuzz({
      name,
      samples,
      read: (bytes) => textsOf(bytes, name),
      check(result) {
        const isSafe = (path: string) =>
          !path.startsWith("/") && !path.split(/[/\\]/).includes("..");
        const texts = result as Record<string, string>;
        assert(Object.keys(texts).every(isSafe), `${Object.keys(texts)}`);
        const known = Object.values(LONG);
        if (hasChecksum) {
          assert(Object.values(texts).every((text) => known.includes(text)));
        }
      },
    });
    assert(inputs >= FUZZ_INPUTS && refused > inputs / 3, `${refused} of ${inputs}`);
  });
}
