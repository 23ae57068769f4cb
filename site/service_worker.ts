/**
 * The service worker: keeps the page at once, and the program and networks when they were
 * fetched for the first picture, so that both are there without a network. The cache is
 * named by a hash of all files; a new version copies what has not changed.
 *
 * @module
 */

import type { GroupName, SiteFile, SiteFiles } from "./files.ts";

/** What a service worker has of the global scope; TypeScript knows pages only. */
interface ServiceWorkerScope extends EventTarget {
  registration: ServiceWorkerRegistration;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface RequestEvent extends LastingEvent {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

/** The build puts the files before this program. The page's path is empty: the folder. */
declare const SITE:
  & { version: string; page: SiteFile }
  & Pick<
    SiteFiles,
    "shell" | "groups"
  >;

const scope = globalThis as unknown as ServiceWorkerScope;
/** Several sites may share an origin, and its caches. */
const prefix = `scene graphs of ${scope.registration.scope}: `;
const cacheName = prefix + SITE.version;
const urlOf = ({ path }: SiteFile) => new URL(path, scope.registration.scope).href;
const files = new Map(
  [SITE.page, ...SITE.shell, ...Object.values(SITE.groups).flat()]
    .map((file) => [urlOf(file), file]),
);
/** Files that are being kept, by address. */
const keeping = new Map<string, Promise<void>>();

scope.addEventListener("install", (event) => {
  (event as LastingEvent).waitUntil(install());
});

scope.addEventListener("activate", (event) => {
  (event as LastingEvent).waitUntil(removeOlder().then(() => scope.clients.claim()));
});

scope.addEventListener("message", (event) => {
  const { data } = event as MessageEvent;
  if (data === "take over") scope.skipWaiting();
  if (data === "claim") {
    // A worker that is not active yet claims when it is.
    (event as unknown as LastingEvent).waitUntil(scope.clients.claim().catch(() => {}));
  }
});

scope.addEventListener("fetch", (event) => {
  const { request } = event as RequestEvent;
  const url = new URL(request.url);
  url.search = url.hash = "";
  if (request.method !== "GET") return;
  if (url.href === urlOf({ ...SITE.page, path: "index.html" })) {
    url.href = urlOf(SITE.page);
  }
  const file = files.get(url.href);
  if (file) (event as RequestEvent).respondWith(answer(file, event as LastingEvent));
});

/** Keeps the page, and of each group of which an older version has a file, all of them. */
async function install(): Promise<void> {
  const old = await olderCaches();
  const had = async (file: SiteFile) => {
    const name = file.path.split("/").at(-1)!;
    for (const cache of old) {
      const requests = await cache.keys();
      if (requests.some(({ url }) => url.endsWith(`/${name}`))) return true;
    }
    return false;
  };
  const groups = Object.keys(SITE.groups) as GroupName[];
  const isKept = await Promise.all(groups.map((name) => had(SITE.groups[name][0])));
  const wanted = groups.filter((_, i) => isKept[i]).flatMap((name) => SITE.groups[name]);
  await Promise.all(
    [SITE.page, ...SITE.shell, ...wanted].map((file) => copyOrFetch(file, old)),
  );
}

async function copyOrFetch(file: SiteFile, old: readonly Cache[]): Promise<void> {
  for (const cache of old) {
    const known = await cache.match(urlOf(file));
    if (known && await isWhole(known.clone(), file)) return await put(file, known);
  }
  // The page's address stays the same when its content changes.
  const response = await fetch(urlOf(file), {
    cache: file === SITE.page ? "no-cache" : "default",
  });
  if (response.ok && await isWhole(response.clone(), file)) {
    return await put(file, response);
  }
  throw new Error(`Cannot keep "${file.path}" as it is not that of this version`);
}

/** Answers from the cache, or from the network and keeps the answer. */
async function answer(file: SiteFile, event: LastingEvent): Promise<Response> {
  const url = urlOf(file);
  await keeping.get(url);
  const cache = await caches.open(cacheName);
  const known = await cache.match(url);
  if (known) return known;
  const { promise, resolve } = Promise.withResolvers<void>();
  keeping.set(url, promise);
  event.waitUntil(promise);
  const done = () => (keeping.delete(url), resolve());
  try {
    const response = await fetch(url);
    const copy = response.clone();
    isWhole(copy.clone(), file).then((whole) => whole ? put(file, copy) : undefined)
      .catch(() => {}).finally(done);
    return response;
  } catch (error) {
    done();
    throw error;
  }
}

async function put(file: SiteFile, response: Response): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.put(urlOf(file), response);
}

/** Whether a response has the content that the build listed; a login page has not. */
async function isWhole(response: Response, { sha256 }: SiteFile): Promise<boolean> {
  if (response.status !== 200) return false;
  const hash = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  const digits = Array.from(
    new Uint8Array(hash),
    (byte) => byte.toString(16).padStart(2, "0"),
  );
  return digits.join("") === sha256;
}

async function olderCaches(): Promise<Cache[]> {
  const names = await caches.keys();
  return await Promise.all(
    names.filter((name) => name.startsWith(prefix) && name !== cacheName)
      .map((name) => caches.open(name)),
  );
}

async function removeOlder(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(prefix) && name !== cacheName)
      .map((name) => caches.delete(name)),
  );
}
