/**
 * Fetches the two files of CenterNet.
 *
 * @module
 */

import { urlOf } from "../address.ts";
import { CENTERNET_PACKAGE, centernetFolder } from "../deps/centernet.ts";
import type { tf } from "../deps/tf.ts";
import { fetchAddress } from "../fetch_bytes.ts";
import { looksLike } from "../file_kind.ts";
import { chunksOf } from "../streams.ts";

/** Where the files come from. */
export interface CenterNetSource {
  /**
   * Folder of `centernet.json` and `centernet.bin`: a URL, or in Deno a path. Default: the
   * npm package in Deno, which is fetched on first use; in a browser a copy of it on
   * jsdelivr.net.
   */
  modelFolder?: string | URL;
  /**
   * Called while the weights arrive.
   *
   * @param bytes Bytes so far.
   * @param total All bytes.
   */
  onProgress?: (bytes: number, total: number) => void;
}

/**
 * Fetches the network.
 *
 * @param source Where the files are.
 * @returns Graph and weights, as the runtime of graph models takes them.
 * @throws {TypeError} If a file cannot be fetched.
 * @throws {SyntaxError} If a file is not the network's.
 */
export async function fetchCenterNet(
  { modelFolder, onProgress }: CenterNetSource,
): Promise<tf.io.ModelArtifacts> {
  const folder = modelFolder === undefined
    ? await packageFolder()
    : withSlash(urlOf(modelFolder));
  const [jsonUrl, binUrl] = ["centernet.json", "centernet.bin"]
    .map((name) => new URL(name, folder));
  const { modelTopology, weightsManifest, signature } = parse(
    await fetchFile(jsonUrl),
    jsonUrl,
  );
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const total = weightSpecs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  const weights = await fetchFile(binUrl, (bytes) => onProgress?.(bytes, total));
  if (weights.length !== total) {
    const other = looksLike(weights);
    throw new SyntaxError(
      `Cannot use "${binUrl}" as it must have the ${total} bytes that "centernet.json" lists: found ${weights.length}${
        other ? `; ${other}` : ""
      }`,
    );
  }
  return { modelTopology, weightSpecs, weightData: weights.buffer, signature };
}

async function packageFolder(): Promise<URL> {
  try {
    return await centernetFolder();
  } catch (cause) {
    throw new TypeError(
      `Cannot load the detector "centernet" as the package "${CENTERNET_PACKAGE}" cannot be fetched: connect to the network once, or name a folder with centernet.json and centernet.bin`,
      { cause },
    );
  }
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith("/") ? url : new URL(`${url.href}/`);
}

type Spec = tf.io.WeightsManifestEntry;

interface ModelJson {
  modelTopology: object;
  weightsManifest: { weights: Spec[] }[];
  signature: object;
}

function parse(bytes: Uint8Array, url: URL): ModelJson {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes)) as ModelJson;
    if (json.modelTopology && Array.isArray(json.weightsManifest)) return json;
  } catch {
    // It is told below.
  }
  throw new SyntaxError(
    `Cannot use "${url}" as it must be a graph model of TensorFlow.js: ${
      looksLike(bytes, "a JSON file") ?? "it is not"
    }`,
  );
}

const BYTES: Readonly<Record<string, number>> = {
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** Size of a weight in the file, where it may be quantized. */
function bytesOf({ shape, dtype, quantization }: Spec): number {
  const size = BYTES[quantization?.dtype ?? dtype] ?? 4;
  return shape.reduce((product, length) => product * length, size);
}

async function fetchFile(
  url: URL,
  onProgress?: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  try {
    response = await fetchAddress(url);
  } catch (cause) {
    throw new TypeError(
      `Cannot load the detector as "${url}" cannot be fetched: check the address and the permission to read it`,
      { cause },
    );
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new TypeError(
      `Cannot load the detector as the server answers ${response.status} to "${url}"; check the address`,
    );
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(response.body)) {
    chunks.push(chunk);
    bytes += chunk.length;
    onProgress?.(bytes);
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
