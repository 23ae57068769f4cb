import { assertRejects, assertThrows } from "@std/assert";
import { checkUserJson } from "../../src/dataset/check.ts";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { parseManifest } from "../../src/dataset/manifest.ts";
import { Hdf5Reader } from "../../src/io/hdf5.ts";
import { unpickle } from "../../src/io/pickle/pickle.ts";
import { encodeSafetensors } from "../../src/io/safetensors.ts";
import { parseJson } from "../../src/json_value.ts";
import { readGloveText } from "../../src/words/glove_text.ts";
import { assertEquals } from "@std/assert";

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const PAGE = "<!DOCTYPE html><html><body>Sign in</body></html>";
const POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n";
const WRONG: [file: string, kind: string][] = [
  [PAGE, "it looks like a web page (HTML)"],
  [
    POINTER,
    'it looks like a Git LFS pointer; fetch the file that it stands for by "git lfs',
  ],
  ["PK\x03\x04 zip", "it looks like a zip archive"],
  ["\x89PNG\r\n\x1a\n", "it looks like a PNG image"],
];

/** What reads each kind of file, and its error. */
const READERS: Record<string, (file: Uint8Array) => unknown> = {
  json: (file) => parseJson(file, '"a.json"'),
  manifest: (file) => parseManifest(parseJson(file, '"m.json"').value),
  checkpoint: (file) => decodeCheckpoint(file, "a.safetensors"),
  pickle: (file) => unpickle(file, "a.p"),
  hdf5: async (file) => {
    using reader = new Hdf5Reader();
    return await reader.read(file, "a.h5", { names: [] });
  },
  glove: (file) => readGloveText([file], new Set(["man"]), "glove.txt"),
};

for (const [reader, read] of Object.entries(READERS)) {
  Deno.test(`the reader of ${reader} says what a wrong file looks like`, async () => {
    for (const [file, kind] of WRONG) {
      await assertRejects(async () => await read(bytes(file)), SyntaxError, kind);
    }
    if (reader === "pickle") return;
    const pickle = bytes("\x80\x04\x95\x01\0\0\0\0\0\0\0N.");
    await assertRejects(async () => await read(pickle), SyntaxError, "a Python pickle");
  });
}

Deno.test("checkUserJson() says what a wrong file looks like", async () => {
  for (const [file, kind] of WRONG) {
    for (const name of ["a.json", "a.jsonl"]) {
      const chunks = async function* () {
        yield bytes(file);
      };
      const { problems } = await checkUserJson({ name, chunks });
      assertEquals(problems.list[0].problem.slice(0, kind.length), kind);
    }
  }
});

Deno.test("decodeCheckpoint() says that a safetensors file is of another program", () => {
  const file = encodeSafetensors({
    "conv.weight": { shape: [1], data: Float32Array.of(1) },
  });
  assertThrows(
    () => decodeCheckpoint(file, "yolo.safetensors"),
    RangeError,
    'Cannot read the checkpoint "yolo.safetensors" as it has no "format_version": it looks like a safetensors file of another program, with 1 arrays (conv.weight)',
  );
});
