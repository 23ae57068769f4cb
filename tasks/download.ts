/**
 * Downloads the files of a dataset, word vectors, or a packed dataset.
 *
 * @module
 */

import { isArchiveName } from "../src/archive/archive.ts";
import { download } from "../src/download/download.ts";
import { downloadPackedDataset } from "../src/download/packed_dataset.ts";
import { findSource, SOURCES } from "../src/download/sources.ts";
import { makeGloveTable } from "../src/words/glove.ts";
import { BUILT_IN } from "../src/pipeline/datasets.ts";
import { fileBars } from "./_cli/file_bars.ts";
import type { Options } from "./_cli/flags/flags.ts";
import { runTask } from "./_cli/run.ts";
import { wantedWords } from "./_cli/wanted_words.ts";

const positionals = {
  dataset: {
    path: "path or name",
    help: `${
      SOURCES.map(({ name }) => name).join(", ")
    }, or the URL or path of a packed dataset`,
  },
} as const;

const flags = {
  from: {
    type: "string",
    path: "path",
    unset: "the publisher's addresses",
    help: "Only place to take files from: a folder, zip or tar.gz, or the URL of one",
  },
  mirror: {
    type: "string",
    unset: "none",
    help: "URL of a folder or archive to try before the publisher's addresses",
  },
  acceptLicence: {
    default: false,
    help: "Accept the publisher's terms, for datasets that require it",
  },
  stallTimeout: {
    default: 60,
    min: 1,
    max: 3600,
    help:
      "Seconds in which a server must send 64 KiB; a file fails after 5 tries without progress",
  },
  timeout: {
    default: 720,
    min: 1,
    max: 7 * 24 * 60,
    help: "Minutes for the whole download; the next run resumes it",
  },
  embeddingSize: { default: 300, min: 1, help: "For glove: numbers per word vector" },
} as const;

type DownloadTask = Options<typeof positionals, typeof flags>;

await runTask({
  name: "download",
  summary:
    `Download the files of a dataset into data/raw and check them. Existing files are not
downloaded again, and an interrupted download is resumed. From GloVe, a table is made with
the words of the shipped table and of the datasets in data/processed. A packed dataset, made
by "deno task pack", is unpacked into data/processed.`,
  positionals,
  flags,
  choices: () =>
    Promise.resolve([
      {
        title: "Sources",
        commands: [
          ...SOURCES.map(({ name, title }) => [`download ${name}`, title] as const),
          ["download <packed dataset>", "its URL or path"],
        ],
      },
      {
        title: `The dataset "${BUILT_IN}" needs no download`,
        commands: [["preprocess", "generates it"]],
      },
    ]),
  examples: [
    "download vrd",
    "download vrd --from ~/Downloads/vrd.zip",
    "download glove",
    "download https://example.org/our_dataset.tar.gz",
  ],
}, async (options) => {
  const { dataset } = options;
  if (dataset === BUILT_IN) {
    print(options, { dataset, state: "built in" }, [
      `Nothing to download: "deno task preprocess" generates "${dataset}"`,
    ]);
    return;
  }
  const isAddress = /[/\\]/.test(dataset) || isArchiveName(dataset);
  const getFiles = isAddress ? getPackedDataset : getSource;
  const { timeout } = options;
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(
      new Deno.errors.TimedOut(
        `Cannot download "${dataset}" within ${timeout} min; run it again to resume, or with a longer --timeout`,
      ),
    );
  }, timeout * 60_000);
  const stallMs = options.stallTimeout * 1000;
  const { signal } = controller;
  await getFiles(options, { stallMs, signal }).finally(() => clearTimeout(timer));
});

type Limits = { stallMs: number; signal: AbortSignal };

async function getPackedDataset(options: DownloadTask, limits: Limits): Promise<void> {
  const bars = fileBars(options);
  const result = await downloadPackedDataset(options.dataset, {
    ...limits,
    onProgress: (done, total) => bars.update("dataset", done, total),
  }).finally(bars.done);
  print(options, { ...result }, [result.path, result.bytes, result.state]);
}

async function getSource(options: DownloadTask, limits: Limits): Promise<void> {
  const { dataset, from, mirror, acceptLicence, json, quiet } = options;
  const source = findSource(dataset, [BUILT_IN]);
  if (!json && !quiet) {
    console.error(`${source.title}\nBy: ${source.publisher}\nLicence: ${source.licence}`);
  }
  const bars = fileBars(options);
  let archive = "";
  try {
    const how = { from, mirror, acceptLicence, ...limits, onProgress: bars.update };
    for await (const file of download(source, how)) {
      bars.done();
      print(options, { ...file }, [file.path, file.bytes, file.state]);
      archive = file.path;
    }
  } finally {
    bars.done();
  }
  if (dataset.startsWith("glove")) await makeTable(archive, options);
}

async function makeTable(archive: string, options: DownloadTask): Promise<void> {
  const bars = fileBars(options);
  const table = await makeGloveTable(archive, {
    words: await wantedWords(),
    size: options.embeddingSize,
    onProgress: (done, total) => bars.update("words", done, total),
  }).finally(bars.done);
  print(options, { dataset: options.dataset, ...table }, [
    `${table.path}: ${table.words} words, ${table.unknown.length} unknown; use it with --embeddings`,
    table.state,
  ]);
}

/** Prints one result: a line of text, or with `--json` an object. */
function print(
  { json }: { json: boolean },
  result: Record<string, unknown>,
  [what, ...rest]: (string | number)[],
): void {
  const size = (value: string | number) =>
    typeof value === "number" ? `${(value / 1e6).toFixed(3)} MB` : value;
  console.log(json ? JSON.stringify(result) : [what, ...rest.map(size)].join(", "));
}
