/**
 * Runs a task as a well-behaved command: it prints help, reports an error in one line,
 * exits with a telling code, and leaves no partial file after Ctrl-C.
 *
 * @module
 */

import { withoutSecrets } from "../../src/address.ts";
import { removePartialFiles } from "../../src/files.ts";
import { escapeControls } from "../../src/show_value.ts";
import {
  type Choices,
  type Flags,
  MissingArgumentError,
  type Options,
  parseFlags,
  type TaskSpec,
  UsageError,
} from "./flags/flags.ts";
import { choicesText, helpText } from "./flags/help.ts";
import { nameRuntimeFolder } from "./runtime_folder.ts";
import { isTransient, TRANSIENT_EXIT } from "./transient.ts";

/** Exit codes for signals: 128 plus the number of the signal, as in shells. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Reads the command line and runs the task. The process exits with 2 if the command line
 * is wrong, with 1 if the task throws, with 75 if what it throws may pass by itself, and with
 * 130 after Ctrl-C.
 *
 * @param spec Arguments and flags of the task.
 * @param main The task.
 * @param args The command line; default `Deno.args`.
 */
export async function runTask<const A extends Flags, const F extends Flags>(
  spec: TaskSpec<A, F>,
  main: (options: Options<A, F>) => void | Promise<void>,
  args: readonly string[] = Deno.args,
): Promise<void> {
  nameRuntimeFolder();
  for (const [signal, code] of Object.entries(SIGNALS)) {
    Deno.addSignalListener(signal as keyof typeof SIGNALS, () => {
      removePartialFiles();
      console.error(`\nStopped by ${signal}`);
      Deno.exit(code);
    });
  }
  try {
    const options = parseFlags(spec, args);
    if (options === "help") console.log(helpText(spec as TaskSpec));
    else await main(options);
  } catch (error) {
    if (error instanceof MissingArgumentError && spec.choices) {
      await printChoices(spec.choices);
    }
    console.error(`error: ${errorLine(error, spec.name)}`);
    if (args.includes("--trace") && error instanceof Error) {
      console.error(withoutSecrets(error.stack ?? ""));
    }
    Deno.exit(
      error instanceof UsageError ? 2 : isTransient(error) ? TRANSIENT_EXIT : 1,
    );
  }
}

/** Prints what an argument may be, unless the task may not look. */
async function printChoices(choices: () => Promise<readonly Choices[]>): Promise<void> {
  try {
    console.error(choicesText(await choices()));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

/**
 * The line that tells a user about an error. For errors of the system it adds what to do
 * next.
 *
 * @param error Whatever was thrown.
 * @param task Name of the task, for the hint.
 * @returns One line.
 */
export function errorLine(error: unknown, task: string): string {
  const told = error instanceof Error ? error.message || error.name : String(error);
  const message = escapeControls(withoutSecrets(told.replace(/\s*\n\s*/g, " ")));
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (error instanceof Deno.errors.NotCapable) {
    return `Cannot continue without a permission: ${message}, or run "deno task ${task}"`;
  }
  if (error instanceof Deno.errors.NotFound && !message.startsWith("Cannot ")) {
    return `Cannot continue as a file is missing: ${message}`;
  }
  if (code === "ENOSPC" || message.includes("No space left on device")) {
    return `Cannot write as the disk is full: ${message}; free some space and run it again, finished files are kept`;
  }
  if (error instanceof Deno.errors.AddrInUse || code === "EADDRINUSE") {
    return `Cannot listen as the port is in use: ${message}; stop the other program or choose another port`;
  }
  return message;
}
