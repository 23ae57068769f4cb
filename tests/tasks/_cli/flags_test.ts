import { assertEquals, assertThrows } from "@std/assert";
import {
  parseFlags,
  type TaskSpec,
  UsageError,
} from "../../../tasks/_cli/flags/flags.ts";
import { choicesText, commandOf, helpText } from "../../../tasks/_cli/flags/help.ts";

const spec = {
  name: "train",
  summary: "Train a model.",
  positionals: {
    model: { help: "Name of the variant", values: ["gpi_mean", "gpi_linguistic"] },
    note: { help: "Anything", default: "none" },
  },
  flags: {
    batchSize: { default: 20, min: 1, help: "Images per update" },
    dropout: { type: "number", default: 0, max: 1, help: "Share of inputs dropped" },
    epochs: { type: "integer", help: "Passes", unset: "by preset" },
    layers: { default: [64, 32], min: 1, help: "Widths" },
    backend: { default: "auto", values: ["auto", "wasm"], help: "What computes" },
    resume: { default: false, help: "Go on" },
    control: { default: true, help: "Train the control too" },
  },
  examples: ["train gpi_mean --epochs 3"],
} as const;

const common = { seed: 0, json: false, quiet: false, trace: false };
const parse = (...args: string[]) => parseFlags(spec, args);
const refuses = (args: string[], message: string) =>
  assertEquals(assertThrows(() => parse(...args), UsageError).message, message);

Deno.test("parseFlags() returns defaults for missing flags", () => {
  assertEquals(parse("gpi_mean"), {
    ...common,
    model: "gpi_mean",
    note: "none",
    batchSize: 20,
    dropout: 0,
    epochs: undefined,
    layers: [64, 32],
    backend: "auto",
    resume: false,
    control: true,
  });
});

Deno.test("parseFlags() reads each kind of value", () => {
  const flags = "--batch-size 5 --dropout=0.25 --epochs 3 --layers 8,4 --backend wasm"
    .split(" ");
  const more = ["--resume", "--no-control", "--seed=4", "--json"];
  assertEquals(parse("gpi_linguistic", "why", ...flags, ...more), {
    ...common,
    seed: 4,
    json: true,
    model: "gpi_linguistic",
    note: "why",
    batchSize: 5,
    dropout: 0.25,
    epochs: 3,
    layers: [8, 4],
    backend: "wasm",
    resume: true,
    control: false,
  });
});

Deno.test("parseFlags() takes the last of repeated flags and =false", () => {
  const options = parse("gpi_mean", "--seed", "2", "--seed", "3", "--control=false");
  assertEquals(options !== "help" && [options.seed, options.control], [3, false]);
});

Deno.test('parseFlags() returns "help" for --help even if values are wrong', () => {
  assertEquals(parse("--help"), "help");
  assertEquals(parse("-h", "--epochs", "x"), "help");
});

Deno.test("parseFlags() refuses an unknown flag and names the nearest", () => {
  const message = (flag: string, nearest: string) =>
    `Cannot use the flag "${flag}": "train" does not have it, the nearest is "${nearest}"`;
  refuses(["gpi_mean", "--epoch", "3"], message("--epoch", "--epochs"));
  refuses(["gpi_mean", "--batchsize=3"], message("--batchsize", "--batch-size"));
  refuses(["gpi_mean", "--no-epochs"], message("--no-epochs", "--epochs"));
  refuses(["gpi_mean", "--__proto__", "3"], message("--__proto__", "--dropout"));
});

Deno.test("parseFlags() refuses a value of the wrong kind or outside its range", () => {
  const whole = (flag: string, found: string, range = ">= 0") =>
    `Cannot use --${flag}: it must be a whole number ${range}: found "${found}"`;
  refuses(["gpi_mean", "--epochs", "ten"], whole("epochs", "ten"));
  refuses(["gpi_mean", "--epochs", "1.5"], whole("epochs", "1.5"));
  refuses(["gpi_mean", "--epochs"], whole("epochs", ""));
  refuses(["gpi_mean", "--epochs", "1e999"], whole("epochs", "1e999"));
  refuses(["gpi_mean", "--batch-size", "0"], whole("batch-size", "0", ">= 1"));
  refuses(["gpi_mean", "--seed", "-1"], whole("seed", "-1", "in [0, 4294967295]"));
  refuses(
    ["gpi_mean", "--dropout", "1.5"],
    'Cannot use --dropout: it must be a number in [0, 1]: found "1.5"',
  );
  refuses(
    ["gpi_mean", "--layers", "8,,4"],
    'Cannot use --layers: it must be a list like 64,32, each a whole number >= 1: found "8,,4"',
  );
});

Deno.test("parseFlags() refuses a name that is not one of a list", () => {
  refuses(
    ["gpi_mean", "--backend", "wsm"],
    'Cannot use --backend: it must be one of auto, wasm (the nearest is "wasm"): found "wsm"',
  );
  refuses(
    ["gpi_meen"],
    'Cannot use <model>: it must be one of gpi_mean, gpi_linguistic (the nearest is "gpi_mean"): found "gpi_meen"',
  );
});

Deno.test("parseFlags() refuses a text flag without a value", () => {
  const message = (found: string) =>
    `Cannot use --backend: it must be followed by a value: found "${found}"`;
  refuses(["gpi_mean", "--backend"], message(""));
  refuses(["gpi_mean", "--backend", "--json"], message("--json"));
});

Deno.test("parseFlags() refuses a missing argument and one too many", () => {
  refuses([], 'Cannot run "train" without <model>; see "deno task train --help"');
  refuses(
    ["gpi_mean", "b", "c"],
    'Cannot use the argument "c": "train" takes at most 2, besides flags; see "deno task train --help"',
  );
});

Deno.test("helpText() lists usage, each flag with its default, and examples", () => {
  assertEquals(
    helpText(spec),
    `Train a model.

Usage: deno task train <model> [note] [flags]

  <model>             Name of the variant (gpi_mean | gpi_linguistic)
  <note>              Anything (default: none)
  --batch-size <n>    Images per update (default: 20)
  --dropout <n>       Share of inputs dropped (default: 0)
  --epochs <n>        Passes (default: by preset)
  --layers <n,n,...>  Widths (default: 64,32)
  --backend <text>    What computes (auto | wasm; default: auto)
  --resume            Go on
  --control           Train the control too (default: on, --no-... turns it off)
  --seed <n>          Seed of all random choices (default: 0)
  --json              Print JSON, one object per line, and hide progress
  --quiet             Hide progress and notes
  --trace             Print the stack trace of an error
  --help              Print this help

Examples:
  deno task train gpi_mean --epochs 3`,
  );
});

Deno.test("helpText() shows which arguments may be left out, and which repeated", () => {
  const usage = (positionals: TaskSpec["positionals"]) =>
    helpText({ name: "show", summary: "", positionals, flags: {} })
      .match(/Usage: deno task show (.*) \[flags\]/)?.[1];
  const help = "A thing";
  assertEquals(
    usage({ first: { help }, more: { help, many: true } }),
    "<first> <more>...",
  );
  assertEquals(
    usage({ first: { help, default: "a" }, more: { help, many: true, unset: "none" } }),
    "[first] [more]...",
  );
});

Deno.test("commandOf() writes values that differ from the defaults, but no display flags", () => {
  const again = (...args: string[]) => {
    const options = parse(...args);
    return options === "help" ? options : commandOf(spec, options);
  };
  assertEquals(again("gpi_mean", "--quiet", "--seed=0"), "deno task train gpi_mean none");
  assertEquals(
    again("gpi_mean", "it's", "--layers", "8,4", "--no-control", "--resume", "--json"),
    "deno task train gpi_mean 'it'\\''s' --layers 8,4 --resume --no-control",
  );
  assertEquals(
    again("gpi_mean", "https://me:word@a.b/c.json?key=secret"),
    "deno task train gpi_mean 'https://a.b/c.json?…'",
  );
});

Deno.test("choicesText() lines up commands and leaves out empty lists", () => {
  assertEquals(
    choicesText([
      { title: "Models", commands: [["train a", "the first"], ["train long", ""]] },
      { title: "Nothing", commands: [] },
      { title: "Datasets", commands: [["train a --dataset d", "made on first use"]] },
    ]),
    `Models:
  deno task train a              the first
  deno task train long
Datasets:
  deno task train a --dataset d  made on first use`,
  );
});
