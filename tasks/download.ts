/**
 * Gets the files of a dataset, word vectors, or a dataset that somebody packed.
 *
 * @module
 */

import { isArchiveName } from "../src/archive/archive.ts";
import { download } from "../src/download/download.ts";
import { downloadBundle } from "../src/download/packed_dataset.ts";
import { makeGloveTable } from "../src/words/glove.ts";
import { findSource } from "../src/download/sources.ts";
import { BUILT_IN } from "../src/pipeline/datasets.ts";
import { fileBars } from "./_cli/file_bars.ts";
import type { Options } from "./_cli/flags.ts";
import { runTask } from "./_cli/run.ts";
import { wantedWords } from "./_cli/wanted_words.ts";

const positionals = {
  dataset: {
    default: BUILT_IN,
    help: "synthetic, vrd, vg150, sgp, glove, glove_840b; or URL or path of a bundle",
  },
} as const;

const flags = {
  from: {
    type: "string",
    unset: "the publisher's addresses",
    help: "Only from here: a folder, zip, tar.gz or an URL of one",
  },
  mirror: {
    type: "string",
    unset: "none",
    help: "URL of a folder or an archive that is tried before the publisher's",
  },
  acceptLicence: {
    default: false,
    help: "Accept the publisher's terms, where the publisher wants that",
  },
  embeddingSize: { default: 300, min: 1, help: "glove: numbers of a word" },
} as const;

type DownloadTask = Options<typeof positionals, typeof flags>;

await runTask({
  name: "download",
  summary:
    `Get the files of a dataset into data/raw, checked. What is there is not fetched
again; what was interrupted goes on. Of GloVe a table is made that has only the words of
the vocabularies that we ship and of data/processed; a class of several words is their
mean. A bundle, made by "deno task pack", goes into data/processed.`,
  positionals,
  flags,
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
      `Nothing to download: "${dataset}" is generated, by "deno task preprocess"`,
    ]);
  } else if (/[/\\]/.test(dataset) || isArchiveName(dataset)) {
    const bars = fileBars(options);
    const onProgress = (done: number, total: number) =>
      bars.update("bundle", done, total);
    const bundle = await downloadBundle(dataset, { onProgress }).finally(bars.done);
    print(options, { ...bundle }, [bundle.path, bundle.bytes, bundle.state]);
  } else await downloadSource(options);
});

/** Gets one of the datasets that have a name. */
async function downloadSource(options: DownloadTask): Promise<void> {
  const { dataset, from, mirror, acceptLicence, json, quiet } = options;
  const source = findSource(dataset, [BUILT_IN]);
  if (!json && !quiet) {
    console.error(`${source.title}\nBy: ${source.publisher}\nLicence: ${source.licence}`);
  }
  const bars = fileBars(options);
  let archive = "";
  try {
    const how = { from, mirror, acceptLicence, onProgress: bars.update };
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

/** One result: an object for machines, or a line for people. */
function print(
  { json }: { json: boolean },
  result: Record<string, unknown>,
  [what, ...rest]: (string | number)[],
): void {
  const size = (value: string | number) =>
    typeof value === "number" ? `${(value / 1e6).toFixed(3)} MB` : value;
  console.log(json ? JSON.stringify(result) : [what, ...rest.map(size)].join(", "));
}
