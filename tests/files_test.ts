import { assertEquals, assertRejects } from "@std/assert";
import {
  exists,
  fileInfo,
  fileSize,
  listFiles,
  listFolders,
  makeFolder,
  openFile,
  openToAppend,
  readChunks,
  readFile,
  readFileInto,
  removeFile,
  removeFolder,
  rename,
  writeFileAtomically,
  writeNewFile,
} from "../src/files.ts";
import { lockFolder } from "../src/lock.ts";
import { testInFolder } from "./_in_folder.ts";

testInFolder("writeFileAtomically() writes text, bytes and chunks", async (folder) => {
  async function* chunks() {
    yield Uint8Array.of(1, 2);
    yield await Promise.resolve(Uint8Array.of(3));
  }
  await writeFileAtomically(`${folder}/text`, "é");
  await writeFileAtomically(`${folder}/bytes`, Uint8Array.of(7));
  await writeFileAtomically(`${folder}/chunks`, chunks());
  await writeFileAtomically(`${folder}/list`, [Uint8Array.of(1), Uint8Array.of(2)]);
  assertEquals([...await Deno.readFile(`${folder}/text`)], [0xc3, 0xa9]);
  assertEquals([...await Deno.readFile(`${folder}/bytes`)], [7]);
  assertEquals([...await Deno.readFile(`${folder}/chunks`)], [1, 2, 3]);
  assertEquals([...await Deno.readFile(`${folder}/list`)], [1, 2]);
  assertEquals(await listFiles(folder), ["bytes", "chunks", "list", "text"]);
});

testInFolder(
  "writeFileAtomically() makes folders and replaces a file",
  async (folder) => {
    const path = `${folder}/a/b/file`;
    await writeFileAtomically(path, "a longer text");
    await writeFileAtomically(path, "short");
    assertEquals(await Deno.readTextFile(path), "short");
  },
);

testInFolder(
  "writeFileAtomically() says that a name is a folder's, or too long",
  async (folder) => {
    await Deno.mkdir(`${folder}/made/more`, { recursive: true });
    for (const path of [folder, `${folder}/made`, "."]) {
      await assertRejects(
        () => writeFileAtomically(path, "x"),
        RangeError,
        `Cannot write "${path}" as it must be a file: found a folder; give the name of a file`,
      );
    }
    const name = "a".repeat(300);
    await assertRejects(
      () => writeFileAtomically(`${folder}/${name}`, "x"),
      RangeError,
      "as its name must be shorter: found 300 characters",
    );
    assertEquals(await listFiles(folder), []);
  },
);

testInFolder(
  "writeFileAtomically() keeps the old file if chunks fail",
  async (folder) => {
    const path = `${folder}/file`;
    await writeFileAtomically(path, "old");
    async function* failing() {
      yield new TextEncoder().encode("new");
      await Promise.resolve();
      throw new RangeError("out of chunks");
    }
    await assertRejects(
      () => writeFileAtomically(path, failing()),
      RangeError,
      "out of chunks",
    );
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals(await listFiles(folder), ["file"]);
  },
);

/** Starts a program that may do everything and knows `writeFileAtomically`. */
async function start(folder: string, program: string): Promise<Deno.ChildProcess> {
  const files = new URL("../src/files.ts", import.meta.url);
  await Deno.writeTextFile(
    `${folder}/program.ts`,
    `import { writeFileAtomically } from ${JSON.stringify(files.href)};\n${program}`,
  );
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--allow-all", "program.ts"],
    cwd: folder,
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

testInFolder(
  "writeFileAtomically() keeps the old file on a full disk",
  async (folder) => {
    await writeFileAtomically(`${folder}/file`, "old");
    // What is written aside goes to Linux's device that is always full, which only a
    // program with all permissions may open.
    await Deno.symlink("/dev/full", `${folder}/file.partial`);
    const child = await start(
      folder,
      `await writeFileAtomically("file", "new").catch((error) => {
      console.log(error.code, error.message);
    });`,
    );
    const { stdout } = await child.output();
    assertEquals(
      new TextDecoder().decode(stdout),
      "ENOSPC No space left on device (os error 28): write 'file.partial'\n",
    );
    assertEquals(await Deno.readTextFile(`${folder}/file`), "old");
    assertEquals(await listFiles(folder), ["file", "program.ts"]);
  },
);

testInFolder(
  "writeFileAtomically() keeps the old file if it is killed",
  async (folder) => {
    const path = `${folder}/file`;
    await writeFileAtomically(path, "old");
    const child = await start(
      folder,
      `await writeFileAtomically("file", (async function* () {
      yield new TextEncoder().encode("new");
      console.log("begun");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    })());`,
    );
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    assertEquals(new TextDecoder().decode(value), "begun\n");
    child.kill("SIGKILL");
    await reader.cancel();
    await child.status;
    assertEquals(await Deno.readTextFile(path), "old");
    await writeFileAtomically(path, "newer");
    assertEquals(await Deno.readTextFile(path), "newer");
    assertEquals(await listFiles(folder), ["file", "program.ts"]);
  },
);

Deno.test({
  name: "writeFileAtomically() says which permission is missing",
  permissions: { write: false },
  fn: async () => {
    await assertRejects(
      () => writeFileAtomically("folder/file", "new"),
      Deno.errors.NotCapable,
      "write access",
    );
  },
});

testInFolder("exists() and fileSize() see files and folders", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "12345");
  assertEquals(await exists(`${folder}/file`), true);
  assertEquals(await exists(folder), true);
  assertEquals(await exists(`${folder}/other`), false);
  assertEquals(await fileSize(`${folder}/file`), 5);
  assertEquals(await fileSize(`${folder}/other`), undefined);
});

Deno.test({
  name: "exists(), fileSize(), listFiles() and the removers pass other errors on",
  permissions: { read: false, write: false },
  fn: async () => {
    for (const run of [exists, fileSize, listFiles, removeFile, removeFolder]) {
      await assertRejects(() => run("file") as Promise<unknown>, Deno.errors.NotCapable);
    }
  },
});

testInFolder("makeFolder() says that a file is in the way", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  for (const path of [`${folder}/file`, `${folder}/file/inner`]) {
    await assertRejects(
      () => makeFolder(path),
      RangeError,
      `Cannot make the folder "${path}" as a file has that name`,
    );
  }
});

testInFolder("readFile() says that there is no such file", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  for (const name of ["none", "none/none", "file/none"]) {
    await assertRejects(
      () => readFile(`${folder}/${name}`),
      Deno.errors.NotFound,
      `Cannot read "${folder}/${name}" as there is no such file; check the path`,
    );
    assertEquals(await fileInfo(`${folder}/${name}`), undefined);
  }
});

testInFolder("readFile() and readFileInto() read the same bytes", async (folder) => {
  const path = `${folder}/file`;
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
  await Deno.writeFile(path, bytes);
  assertEquals(await readFile(path), bytes);
  const buffer = new Uint8Array(bytes.length + 1);
  assertEquals(await readFileInto(path, buffer), bytes.length);
  assertEquals(buffer.subarray(0, bytes.length), bytes);
  const small = new Uint8Array(10);
  assertEquals(await readFileInto(path, small), 10);
  assertEquals(small, bytes.subarray(0, 10));
});

testInFolder(
  "listFiles() names files in order, and none without a folder",
  async (folder) => {
    for (const name of ["b", "a", "c"]) await Deno.writeTextFile(`${folder}/${name}`, "");
    await Deno.mkdir(`${folder}/folder`);
    assertEquals(await listFiles(folder), ["a", "b", "c"]);
    assertEquals(await listFiles(`${folder}/none`), []);
  },
);

testInFolder("removeFile() removes a file, if there is one", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  await removeFile(`${folder}/file`);
  await removeFile(`${folder}/file`);
  assertEquals(await listFiles(folder), []);
});

testInFolder("fileInfo() gives size, time and kind", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "12345");
  await Deno.utime(`${folder}/file`, 7, 7);
  const info = { bytes: 5, modified: 7000, isFolder: false };
  assertEquals(await fileInfo(`${folder}/file`), info);
  assertEquals((await fileInfo(folder))?.isFolder, true);
  assertEquals(await fileInfo(`${folder}/other`), undefined);
});

testInFolder("folders are made, listed, renamed and removed", async (folder) => {
  await makeFolder(`${folder}/b/c`);
  await makeFolder(`${folder}/b/c`);
  await makeFolder(`${folder}/a`);
  await Deno.writeTextFile(`${folder}/file`, "");
  assertEquals(await listFolders(folder), ["a", "b"]);
  assertEquals(await listFolders(`${folder}/none`), []);
  await rename(`${folder}/b`, `${folder}/d`);
  assertEquals(await listFolders(`${folder}/d`), ["c"]);
  await removeFolder(`${folder}/d`);
  await removeFolder(`${folder}/d`);
  assertEquals(await listFolders(folder), ["a"]);
});

testInFolder("writeNewFile() writes no file a second time", async (folder) => {
  const path = `${folder}/a/b/file`;
  await writeNewFile(path, [Uint8Array.of(1), Uint8Array.of(2, 3)]);
  assertEquals([...await readFile(path)], [1, 2, 3]);
  await assertRejects(() => writeNewFile(path, "x"), Deno.errors.AlreadyExists);
  assertEquals([...await readFile(path)], [1, 2, 3]);
});

testInFolder("openToAppend() adds to what is there, and clears it", async (folder) => {
  const path = `${folder}/a/file`;
  {
    using file = await openToAppend(path);
    await file.append(Uint8Array.of(1, 2));
    assertEquals(file.bytes, 2);
  }
  using file = await openToAppend(path);
  assertEquals(file.bytes, 2);
  await file.append(Uint8Array.of(3));
  await file.sync();
  assertEquals([...await readFile(path)], [1, 2, 3]);
  await file.clear();
  await file.append(Uint8Array.of(4));
  assertEquals(file.bytes, 1);
  assertEquals([...await readFile(path)], [4]);
});

testInFolder("lockFolder() lets one in at a time", async (folder) => {
  const path = `${folder}/a`;
  {
    using _lock = await lockFolder(path);
    await assertRejects(
      () => lockFolder(path),
      Error,
      `Cannot write to "${path}": another process is writing to it`,
    );
  }
  using _again = await lockFolder(path);
  assertEquals(await listFiles(path), [".lock"]);
});

testInFolder("readers refuse pipes, devices and folders at once", async (folder) => {
  const pipe = `${folder}/pipe`;
  const { success } = await new Deno.Command("mkfifo", { args: [pipe] }).output();
  assertEquals(success, true);
  for (
    const [path, kind] of [[pipe, "pipe"], [folder, "folder"], ["/dev/zero", "device"]]
  ) {
    const readers = [
      () => readFile(path),
      () => readFileInto(path, new Uint8Array(1)),
      () => Array.fromAsync(readChunks(path)),
      () => openFile(path),
    ];
    for (const read of readers) {
      await assertRejects(
        read as () => Promise<unknown>,
        RangeError,
        `Cannot read "${path}" as it must be a file: found a ${kind}`,
      );
    }
  }
});
