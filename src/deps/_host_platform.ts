/**
 * What the host program has set as TensorFlow.js's platform, before `tf.ts` loads a copy of
 * the library, which sets its own.
 *
 * @module
 */

type Global = { _tfengine?: { ENV: { platform?: unknown; platformName?: unknown } } };
const environment = (globalThis as Global)._tfengine?.ENV;
const { platform, platformName } = environment ?? {};

/** Gives the host its platform back. */
export function restorePlatform(): void {
  if (environment && platform) Object.assign(environment, { platform, platformName });
}
