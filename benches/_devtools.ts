/**
 * Drives Chromium by its DevTools protocol.
 *
 * @module
 */

/** An open page; `await using` ends its browser. */
export interface Page extends AsyncDisposable {
  /** Sends a command of the protocol to the page. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** The value of an expression, or of the promise that it makes. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Waits until an expression is true. */
  until(expression: string): Promise<void>;
  /** Records a trace of the whole browser while a function runs. */
  trace<Event>(categories: readonly string[], run: () => Promise<void>): Promise<Event[]>;
}

/** A message of the protocol. */
interface Message {
  id?: number;
  method?: string;
  params?: { value?: unknown[] };
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** Milliseconds until a page must be ready. */
const PATIENCE = 60_000;

/**
 * Opens a page in a browser without windows. The environment variable `CHROMIUM` names the
 * program; default `chromium`.
 *
 * @param url Address of the page.
 * @param size Size of its window.
 * @returns The page.
 */
export async function openPage(
  url: string,
  { width, height }: { width: number; height: number },
): Promise<Page> {
  await using stack = new AsyncDisposableStack();
  const profile = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(profile, { recursive: true }).catch(() => {}));
  const process = new Deno.Command(Deno.env.get("CHROMIUM") ?? "chromium", {
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
      ...["--disable-background-networking", "--remote-debugging-port=0"],
      ...[
        `--user-data-dir=${profile}`,
        `--window-size=${width},${height}`,
        "about:blank",
      ],
    ],
    ...{ stdin: "null", stdout: "null", stderr: "piped" },
  }).spawn();
  stack.defer(async () => {
    process.kill("SIGTERM");
    await process.status;
  });
  const socket = new WebSocket(await addressIn(process.stderr));
  stack.defer(() => socket.close());
  await new Promise((resolve) => socket.onopen = resolve);
  const waiting = new Map<number, (message: Message) => void>();
  const events: unknown[] = [];
  let ended = () => {};
  socket.onmessage = ({ data }) => {
    const message: Message = JSON.parse(data);
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    else if (message.method === "Tracing.dataCollected") {
      events.push(...message.params!.value!);
    } else if (message.method === "Tracing.tracingComplete") ended();
  };
  let next = 0;
  const send = async (method: string, params: object = {}, sessionId?: unknown) => {
    const id = ++next, { promise, resolve } = Promise.withResolvers<Message>();
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await promise;
    waiting.delete(id);
    if (error) {
      throw new Error(`Cannot do "${method}" as Chromium says: ${error.message}`);
    }
    return result!;
  };
  const { targetId } = await send("Target.createTarget", { url });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const toPage = (method: string, params?: object) => send(method, params, sessionId);
  const evaluate = async <Value>(expression: string): Promise<Value> => {
    const how = { expression, awaitPromise: true, returnByValue: true };
    const { result } = await toPage("Runtime.evaluate", how);
    return (result as { value: Value }).value;
  };
  const owned = stack.move();
  return {
    ...{ send: toPage, evaluate },
    async until(expression) {
      // A page that is being opened cannot evaluate anything.
      const isTrue = () => evaluate(expression).catch(() => false);
      for (const start = Date.now(); !await isTrue();) {
        if (Date.now() - start > PATIENCE) {
          throw new Error(`Cannot go on as "${expression}" must become true`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async trace<Event>(categories: readonly string[], run: () => Promise<void>) {
      events.length = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      ended = resolve;
      const traceConfig = { includedCategories: categories };
      await send("Tracing.start", { traceConfig, transferMode: "ReportEvents" });
      await run();
      await send("Tracing.end");
      await promise;
      return events as Event[];
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The address that Chromium prints at its start. */
async function addressIn(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  (async () => {
    let text = "";
    for await (const part of stderr.pipeThrough(new TextDecoderStream())) {
      text += part;
      const found = /DevTools listening on (ws:\S+)/.exec(text);
      if (found) resolve(found[1]);
    }
    reject(new Error(`Cannot start Chromium as it must tell its address: found ${text}`));
  })();
  return await promise;
}
