// deno-lint-ignore-file no-unused-vars -- the bundle that follows uses these names
// Node.js, Bun and Deno are shown to TensorFlow.js as browsers: its code for Node.js needs
// packages that are not in this file, and Node.js cannot fetch the files beside it.
const isInNode = typeof globalThis.process?.versions?.node === "string";
const process = isInNode ? undefined : globalThis.process;
const WorkerGlobalScope = isInNode ? Object : globalThis.WorkerGlobalScope;
const importScripts = isInNode ? () => {} : globalThis.importScripts;
const self = isInNode ? { location: { href: import.meta.url } } : globalThis.self;
const fetch = !isInNode ? globalThis.fetch : async (address, options) => {
  const url = new URL(address.url ?? address, import.meta.url);
  if (url.protocol !== "file:") return globalThis.fetch(address, options);
  const { readFile } = await import(
    /* only in Node.js */ ["node:fs", "promises"].join("/")
  );
  return new Response(await readFile(url), {
    headers: { "content-type": "application/wasm" },
  });
};
const XMLHttpRequest = !isInNode ? globalThis.XMLHttpRequest : class {
  open(_method, address) {
    this.address = address;
  }
  async send() {
    try {
      const response = await fetch(this.address);
      Object.assign(this, { response: await response.arrayBuffer(), status: 200 });
    } catch (error) {
      return this.onerror(error);
    }
    this.onload();
  }
};
