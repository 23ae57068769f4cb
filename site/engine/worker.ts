/**
 * The worker: answers one call after another.
 *
 * @module
 */

import type { Answer, Question } from "./calls.ts";
import { Engine } from "./engine.ts";

const engine = new Engine();
/** The end of the last call; calls share the memory of a backend, so they take turns. */
let last: Promise<void> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  last = last.then(() => answer(data));
});

async function answer(question: Question): Promise<void> {
  const { id } = question;
  let message: Answer;
  try {
    message = { id, result: await call(question) };
  } catch (error) {
    message = { id, error: error instanceof Error ? error.message : String(error) };
  }
  postMessage(message);
}

function call({ name, argument }: Question): Promise<unknown> {
  switch (name) {
    case "start":
      return engine.start(argument);
    case "prepare":
      return engine.prepare(argument);
    case "photograph":
      return engine.photograph(argument);
    case "drawing":
      return engine.drawing(argument);
  }
}
