/**
 * Installs the service worker, which keeps the files for visits without a network.
 *
 * @module
 */

/** How long to wait for the service worker before the first download, in milliseconds. */
const PATIENCE = 4000;

/** The service worker, from the page's side. */
export class Offline {
  /** Resolves when it keeps what is fetched, or when it is clear that it will not. */
  readonly isKeeping: Promise<boolean>;

  /**
   * @param onUpdate Called when a new version of the site waits; its argument changes to it.
   */
  constructor(onUpdate: (change: () => void) => void) {
    this.isKeeping = "serviceWorker" in navigator
      ? install(onUpdate).catch(() => false)
      : Promise.resolve(false); // an address without https, or a private window
  }
}

async function install(onUpdate: (change: () => void) => void): Promise<boolean> {
  const { serviceWorker } = navigator;
  const hadOne = serviceWorker.controller !== null;
  const registration = await serviceWorker.register("service_worker.js");
  const tell = (worker: ServiceWorker | null) => {
    if (!hadOne || worker?.state !== "installed") return;
    onUpdate(() => {
      serviceWorker.addEventListener("controllerchange", () => location.reload());
      worker.postMessage("take over");
    });
  };
  tell(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => tell(installing));
  });
  return await controlled(registration);
}

/** Waits until the page's requests go through the service worker. */
async function controlled(registration: ServiceWorkerRegistration): Promise<boolean> {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  serviceWorker.addEventListener("controllerchange", () => resolve(true));
  setTimeout(() => resolve(false), PATIENCE);
  // After a reload past the cache, an active one must be asked.
  registration.active?.postMessage("claim");
  return await promise;
}
