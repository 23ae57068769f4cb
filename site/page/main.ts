/**
 * The page: takes a picture, has the worker make its graph, and shows it.
 *
 * @module
 */

import type { BackendChoice, PictureKind, Seen } from "../engine/calls.ts";
import type { ExampleFiles, GroupName, SiteFiles } from "../files.ts";
import { Camera } from "./camera.ts";
import { byId, element } from "../../src/dom.ts";
import { Downloads } from "./downloads.ts";
import { EngineClient } from "./engine_client.ts";
import { listenToFiles } from "./inputs.ts";
import { Offline } from "./offline.ts";
import { ofBlob, type ShownPicture, shownPicture } from "./picture.ts";
import { showProgress, sizeText } from "./progress.ts";
import { ResultView } from "./result.ts";

/** What each kind of picture needs. */
const NEEDS: Record<PictureKind, GroupName[]> = {
  photograph: ["program", "detector", "network"],
  drawing: ["program", "drawings"],
};

/** What the page shows. */
type State = "start" | "working" | "result" | "camera";

const files: SiteFiles = JSON.parse(byId("files").textContent!);
const downloads = new Downloads(files);
const engine = new EngineClient(files.engine);
const result = new ResultView();
const camera = new Camera(engine);
const offline = new Offline((change) => {
  byId("update").hidden = false;
  byId("use-update").addEventListener("click", change);
});
/** Counts what the visitor asks for; what comes late for an earlier wish is dropped. */
let wish = 0;
/** What to do again if it failed, or with another backend. */
let again: (() => void) | undefined;

function show(state: State): void {
  for (const id of ["start", "working", "result", "camera"]) {
    byId(id).hidden = id !== state;
  }
  byId("again-bar").hidden = state === "start";
  document.documentElement.dataset.state = state;
}

/** Does what the visitor wishes, and says if it fails. */
async function fulfil(name: string, work: (isCurrent: () => boolean) => Promise<void>) {
  const mine = ++wish;
  const isCurrent = () => mine === wish;
  again = () => fulfil(name, work);
  camera.close();
  byId("error").hidden = true;
  byId("title").textContent = name;
  byId("details").textContent = "";
  byId("preview").replaceChildren();
  showProgress([]);
  show("working");
  try {
    await work(isCurrent);
  } catch (error) {
    if (!isCurrent()) return;
    camera.close();
    show("start");
    byId("error-text").textContent = (error as Error).message;
    byId("error").hidden = false;
    byId("error").scrollIntoView({ block: "nearest" });
    byId("status").textContent = "";
  }
}

/** Loads what a kind of picture needs; what another wish has loaded is there already. */
async function prepare(kind: PictureKind, isCurrent: () => boolean): Promise<void> {
  const needs = NEEDS[kind];
  const report = () => isCurrent() && showProgress(downloads.progressOf(needs));
  await offline.isKeeping;
  if (isCurrent()) say("Fetching the program and its networks");
  const starting = downloads.fetch("program", report).then(() => engine.start());
  // The program starts while the networks come.
  const [backend] = await Promise.all([
    starting,
    ...needs.map((name) => downloads.fetch(name, report)),
  ]);
  if (isCurrent()) say("Starting the networks");
  await engine.prepare(kind);
  byId("backend-used").textContent = backend;
  byId("cost").hidden = kind === "photograph";
}

/** Starts everything before a picture is chosen if an earlier visit has kept the files. */
async function prepareAhead(): Promise<void> {
  if (!await offline.isKeeping || !await downloads.areKept(NEEDS.photograph)) return;
  byId("cost").hidden = true;
  if (wish !== 0) return;
  await prepare("photograph", () => false);
  // The first run of the detector compiles its programs and packs its weights.
  const image = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  await engine.call("photograph", { image, isFrame: true });
  document.documentElement.dataset.ready = "";
}

function see(
  kind: PictureKind,
  name: string,
  pictureOf: () => Promise<ShownPicture>,
  ask: () => Promise<Seen>,
): void {
  fulfil(name, async (isCurrent) => {
    const picture = await pictureOf(); // an error of the file comes before any download
    if (isCurrent()) {
      byId("preview").append(element("img", { src: picture.href, alt: "" }));
    }
    await prepare(kind, isCurrent);
    if (isCurrent()) say("Looking at the picture");
    const seen = await ask();
    if (!isCurrent()) return picture.release();
    const { entities, relations } = seen.graph;
    const time = ((seen.detecting + seen.relating) / 1000).toFixed(2);
    const found = `${count(entities.length, "thing")}, ${
      count(relations.length, "relation")
    }`;
    byId("details").textContent = `${found}, in ${time} s`;
    say(`Done: ${found}`);
    show("result");
    result.show(seen, picture);
    byId("title").focus();
  });
}

function seePhotograph(file: File): void {
  see(
    "photograph",
    file.name || "pasted picture",
    () => shownPicture(file, file.name || "pasted picture"),
    () => engine.call("photograph", { image: file, isFrame: false }),
  );
}

function seeStill(): void {
  const pixels = camera.still();
  const { width, height, data } = pixels, name = "Photograph of the camera";
  see(
    "photograph",
    name,
    () => shownPicture(pixels, name),
    () => engine.call("photograph", { image: { width, height, data }, isFrame: false }),
  );
}

function seeExample({ title, picture, input }: ExampleFiles): void {
  const load = async (path: string) => {
    const response = await fetch(path);
    if (response.ok) return response;
    throw new Error(`Cannot fetch "${path}" as the server answers ${response.status}`);
  };
  see(
    "drawing",
    title,
    async () => ofBlob(await (await load(picture)).blob(), title),
    async () => engine.call("drawing", await (await load(input)).json()),
  );
}

function openCamera(): void {
  fulfil("Camera", async (isCurrent) => {
    await camera.open();
    if (!isCurrent()) return camera.close();
    await prepare("photograph", isCurrent);
    if (!isCurrent()) return;
    say("The camera runs");
    show("camera");
    byId("title").focus();
    await camera.run();
  });
}

function say(text: string): void {
  byId("status").textContent = text;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** Says what the first picture will fetch. */
function showCost(): void {
  const total = downloads.progressOf(NEEDS.photograph)
    .reduce((sum, group) => sum + group.total, 0);
  byId("cost").textContent = `The first photograph fetches ${
    sizeText(total)
  }, once; then this page works without a network, too.`;
}

function showExamples(): void {
  byId("examples").replaceChildren(...files.examples.map((example) => {
    const button = element(
      "button",
      { type: "button" },
      element("img", { src: example.picture, alt: "", loading: "lazy" }),
      element("span", {}, example.title),
    );
    button.addEventListener("click", () => seeExample(example));
    return element("li", {}, button);
  }));
}

/** Offers the backends that are here. */
async function listenToBackend(): Promise<void> {
  const choice = byId<HTMLSelectElement>("backend");
  choice.addEventListener("change", () => {
    engine.choose(choice.value as BackendChoice);
    byId("backend-used").textContent = "";
    if (document.documentElement.dataset.state !== "start") again?.();
  });
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  const option = choice.querySelector<HTMLOptionElement>('[value="webgpu"]')!;
  option.disabled = !adapter;
  if (!adapter) option.textContent = "WebGPU (not here)";
}

function goToStart(): void {
  wish++;
  camera.close();
  result.clear();
  byId("error").hidden = true;
  say("");
  show("start");
}

show("start");
showCost();
showExamples();
listenToBackend();
listenToFiles(seePhotograph);
byId("try-again").addEventListener("click", () => again?.());
byId("take").addEventListener("click", seeStill);
for (const button of document.querySelectorAll("[data-camera]")) {
  button.addEventListener("click", openCamera);
}
for (const button of document.querySelectorAll("[data-start]")) {
  button.addEventListener("click", goToStart);
}
// A failure is told when a picture is chosen.
prepareAhead().catch(() => {});
