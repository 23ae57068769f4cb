/** The page in a real browser: everyone can read it, and hostile names are texts in it. */

import { assert, assertEquals } from "@std/assert";
import { DroppedFiles } from "../../src/view/dropped.ts";
import { WORLD_VOCABULARY } from "../../src/world/world.ts";
import { SourceReader } from "../../tasks/_cli/predict/sources.ts";
import { browser, reportOf } from "../_browser.ts";
import { axeScript } from "../deps_axe.ts";
import { testInFolder } from "../_in_folder.ts";
import { openTestView, writeScenes } from "./_opened_view.ts";

/** Predicts what is dropped. */
const CHECKPOINT = "checkpoints/gpi_linguistic_vg_pretrained.safetensors";
/** What a page that took names for markup would run. */
const ATTACK = "<img src=x onerror=\"document.body.dataset.hacked='yes'\">";
const HEBREW = "\u202eכלב גדול", QUOTES = `"'><script>hacked()</script>`;
const LONG = "x".repeat(300);

/** A dataset whose ids, classes and predicates are hostile. */
async function writeHostile(folder: string): Promise<string> {
  const hostile = [ATTACK, HEBREW, QUOTES, LONG];
  const vocabulary = {
    entities: WORLD_VOCABULARY.entities.map((_, i) => `${hostile[i % 4]} ${i}`),
    predicates: WORLD_VOCABULARY.predicates.map((name, i) =>
      i % 2 === 0 ? `${ATTACK} ${i}` : name
    ),
  };
  await writeScenes(`${folder}/hostile`, [...hostile, "plain"], { vocabulary });
  return `${folder}/hostile`;
}

/** A log as training writes it. */
const LOG = [0.2, 0.5, 0.4].map((recall, i) => epochLine(i + 1, recall)).join("");

function epochLine(epoch: number, recall: number): string {
  const loss = 5 - epoch, validation = { recall, loss: 1 };
  const line = { type: "epoch", epoch, loss, validation, isBest: epoch !== 3 };
  return JSON.stringify(line) + "\n";
}

/** Runs in the page: waits, looks, asks axe, and tells what it has seen. */
const CHECK = `
  const tell = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
  const until = async (isThere) => {
    for (let tries = 0; !isThere(); tries++) {
      if (tries > 600) throw new Error("Not there: " + isThere);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const faults = async () => {
    const drawings = document.querySelectorAll("svg > *");
    // Readers of screens get a drawing's name and list; its parts take long to check.
    drawings.forEach((each) => each.remove());
    const { violations } = await axe.run(document, {
      resultTypes: ["violations"],
      // A contrast of 7 : 1, which WCAG asks for at its highest level alone.
      rules: { "color-contrast-enhanced": { enabled: true } },
    });
    return violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 200)]);
  };
  const textOf = (selector) => document.querySelector(selector).textContent;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const seen = {};
  document.addEventListener("securitypolicyviolation", (event) => {
    seen.violation = event.violatedDirective + " " + event.sourceFile;
  });
  try {
    await until(() => all(".panel").length === 2);
    seen.ids = all(".row:not([hidden]) .id").map((each) => each.textContent);
    seen.title = textOf("#shown h2");
    seen.entities = all(".panel:first-child .entities bdi").map((each) => each.textContent);
    seen.drawn = all(".panel:first-child svg text").map((each) => each.textContent);
    const [relation] = all(".panel:first-child .relations button");
    relation.focus();
    const [from, to] = relation.dataset.edge.split(" ");
    seen.lit = all(".panel:first-child .entities .on").map((each) => each.dataset.entity)
      .sort().join() === [from, to].sort().join();
    // What is chosen stays lit, until Escape.
    const isLit = () => document.querySelector("#shown").classList.contains("lit");
    const press = (key) => document.activeElement.dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true }));
    relation.click();
    relation.blur();
    seen.kept = [isLit(), relation.ariaPressed];
    press("Escape");
    seen.kept.push(isLit(), relation.ariaPressed);
    relation.focus();
    seen.images = all("img").length;
    seen.isWide = document.documentElement.scrollWidth > innerWidth;
    document.querySelectorAll("#filters details").forEach((each) => each.open = true);
    seen.faults = await faults();
    press("j");
    await until(() => textOf("#shown h2") !== seen.title);
    seen.next = textOf("#shown h2");
    seen.said = textOf("#said");
    seen.focused = document.activeElement.id;
    seen.address = new URLSearchParams(location.search).get("image");
    history.back();
    await until(() => textOf("#shown h2") === seen.title);
    const score = document.querySelector("[name=scoreFrom]");
    score.value = "0.999";
    score.dispatchEvent(new Event("change", { bubbles: true }));
    await until(() => textOf("#count") !== "5 images");
    seen.sure = textOf("#count");
    seen.link = new URLSearchParams(location.search).get("scoreFrom");
    // An image that is refused is asked for once, though the error changes the page's height.
    history.pushState(null, "", "?image=nothere");
    dispatchEvent(new PopStateEvent("popstate"));
    await until(() => !document.querySelector("#problem").hidden);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    seen.asked = performance.getEntriesByType("resource")
      .filter(({ name }) => name.includes("/api/image?image=nothere")).length;
    // A search that is refused leaves no list, and a way back.
    document.querySelector("#pattern").value = "nothing of that name";
    document.querySelector("#search").requestSubmit();
    await until(() => !document.querySelector("#problem").hidden);
    await until(() => document.querySelector("#list").hidden);
    seen.noneFaults = await faults();
    document.querySelector("#shown a").click();
    await until(() => textOf("#count") === "5 images");
    // A dropped file: whom an entity attends to is said, and the focus comes back.
    const files = new DataTransfer();
    const detections = await (await fetch("/person.json")).text();
    files.items.add(new File([detections], "person.json"));
    const input = document.querySelector("#file");
    input.files = files.files;
    input.dispatchEvent(new Event("change"));
    await until(() => document.title.startsWith("person.json"));
    const entity = all("[aria-expanded]")[0];
    entity.focus();
    entity.click();
    await until(() => document.querySelector(".shades"));
    seen.attention = [entity.ariaExpanded, textOf("#said")];
    seen.attends = all(".attention:not([hidden]) .shares:first-of-type li bdi")
      .map((each) => each.textContent);
    seen.attentionFaults = await faults();
    document.querySelector(".attention .line button:last-child").focus();
    document.activeElement.click();
    await until(() => document.querySelector(".attends") === null);
    seen.closed = [entity.ariaExpanded, document.activeElement === entity];
    document.querySelector("#to-runs").click();
    await until(() => all("#runs .chart svg").length >= 2);
    seen.charts = all("#runs figcaption b").map((each) => each.textContent);
    seen.points = all("#runs .chart circle > title").map((each) => each.textContent);
    seen.leastWidth = all("#runs .chart svg")[0].style.minWidth;
    seen.fontSize = getComputedStyle(all("#runs .chart text")[0]).fontSize;
    all("#runs details").forEach((each) => each.open = true);
    seen.numbers = all("#runs figure:first-child tbody tr").map((each) => each.textContent);
    seen.runFaults = await faults();
    // The run grows: what the reader has opened stays open.
    await fetch("/grow", { method: "POST" });
    await until(() => textOf("#runs [role=status]").startsWith("Epoch 4"));
    seen.runs = textOf("#runs [role=status]");
    seen.grown = [all("#runs .chart circle").length, all("#runs details[open]").length];
    seen.hacked = document.body.dataset.hacked ?? "no";
  } catch (error) {
    seen.error = String(error.stack);
  }
  await tell(seen);`;

testInFolder(
  "view shows hostile names as text, and has no fault for readers of screens",
  async (folder) => {
    const dataset = await writeHostile(folder);
    await Deno.writeTextFile(`${folder}/run one.jsonl`, LOG);
    await Deno.writeTextFile(`${folder}/other.jsonl`, '{"image":"no log"}\n');
    await using reader = new SourceReader("centernet", { detector: {}, hints: {} });
    using dropped = new DroppedFiles({
      ...{ checkpoint: CHECKPOINT, backend: "wasm" },
      read: (bytes, name) => reader.readBytes(bytes, name),
    });
    using view = await openTestView(
      { dataset, index: `${folder}/index.sqlite` },
      { dropped },
    );
    const axe = await axeScript();
    const person = await Deno.readFile("examples/person.json");
    const { promise, resolve } = Promise.withResolvers<string>();
    const script = (text: string) =>
      new Response(text, { headers: { "content-type": "text/javascript" } });
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      async (request) => {
        const { pathname, search } = new URL(request.url);
        if (pathname === "/report") {
          resolve(await request.text());
          return new Response();
        }
        if (pathname === "/grow") {
          await Deno.writeTextFile(`${folder}/run one.jsonl`, LOG + epochLine(4, 0.6));
          return new Response();
        }
        if (pathname === "/axe.js") return script(axe);
        if (pathname === "/check.js") return script(CHECK);
        if (pathname === "/person.json") return new Response(person);
        const { method, headers } = request, body = await request.bytes();
        const answer = await view.ask(pathname + search, {
          ...{ method, headers },
          ...method === "POST" && { body },
        });
        if (pathname !== "/") return answer;
        // The check is a script of the page's own server, so its policy stays.
        const scripts = '<script src="/axe.js"></script>' +
          '<script type="module" src="/check.js"></script></head>';
        const page = (await answer.text()).replace("</head>", scripts);
        return new Response(page, { headers: answer.headers });
      },
    );
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const seen = JSON.parse(await reportOf(url, promise, { limit: 300_000 }));
    assertEquals(seen.error, undefined);
    assertEquals(seen.violation, undefined);
    assertEquals(seen.ids, [ATTACK, HEBREW, QUOTES, LONG, "plain"]);
    assertEquals(seen.title, ATTACK);
    assertEquals([seen.next, seen.address], [HEBREW, HEBREW]);
    assertEquals([seen.hacked, seen.images], ["no", 0]);
    assertEquals([seen.lit, seen.isWide], [true, false]);
    assertEquals(seen.kept, [true, "true", false, "false"]);
    // Readers of screens hear of the next image, as its list has not the focus.
    assert(seen.said.startsWith(`${HEBREW}, label_predictor: `), seen.said);
    assert(/: \d+ of \d+ annotated relations found$/.test(seen.said), seen.said);
    assertEquals(seen.focused, "shown");
    const isAttack = (text: string) => text.startsWith("<img src=x");
    assert(seen.entities.some(isAttack), seen.entities.join("\n"));
    assert(seen.drawn.some(isAttack), seen.drawn.join("\n"));
    assertEquals(seen.charts, ["Validation recall", "Training loss"]);
    const recalls = [1, 2, 3].map((epoch) =>
      `run one, ${epoch}: ${[20, 50, 40][epoch - 1]}`
    );
    assertEquals(seen.points.slice(0, 3), recalls);
    assertEquals(seen.numbers, ["run one120.00", "run one250.00", "run one340.00"]);
    assertEquals(seen.fontSize, "14px");
    // Text of 14 pixels may shrink to 11.
    assertEquals(seen.leastWidth, `${Math.ceil(410 * 11 / 14)}px`);
    assertEquals(
      seen.runs,
      "Epoch 4: recall 60.0 %, loss 1.000. Best: epoch 4, 60.0 %.",
    );
    assertEquals(seen.grown, [8, 2]);
    assertEquals(seen.link, "0.999");
    assertEquals(seen.faults, []);
    assertEquals(seen.asked, 1);
    assertEquals(seen.noneFaults, []);
    assertEquals(seen.attentionFaults, []);
    const [isOpen, said] = seen.attention;
    assert(isOpen === "true" && said.startsWith("Step 1: person attends to "), said);
    assertEquals(new Set(seen.attends), new Set(["dog", "horse"]));
    assertEquals(seen.closed, ["false", true]);
    assertEquals(seen.runFaults, []);
  },
  { ignore: !browser },
);
