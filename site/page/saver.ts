/**
 * Saves a graph as files, in the forms of `deno task predict`.
 *
 * @module
 */

import { drawAttention } from "../../src/render/attention.ts";
import { drawBeforeAfter } from "../../src/render/before_after.ts";
import { chooseRelations } from "../../src/render/choice.ts";
import { toDot } from "../../src/render/text/dot.ts";
import { drawGraph } from "../../src/render/graph_svg.ts";
import { toJsonLd } from "../../src/render/text/json_ld.ts";
import { toSentences } from "../../src/render/text/sentences.ts";
import { drawSteps } from "../../src/render/steps.ts";
import { drawOverImage } from "../../src/render/svg.ts";
import type { Seen } from "../engine/calls.ts";
import { byId, element } from "../../src/dom.ts";
import type { ShownPicture } from "./picture.ts";

/** The least score of a relation in text and data, as of `deno task predict`. */
const CHOICE = { minScore: 0.001 };

/** A form of a graph. */
interface Form {
  title: string;
  what: string;
  ending: string;
  type: string;
  /** The file's text; `href` is the picture as a `data:` address. */
  write(seen: Seen, href: string, name: string): string;
}

const SVG = "image/svg+xml", TEXT = "text/plain";

const FORMS: readonly Form[] = [
  {
    title: "Graph as JSON",
    what: "entities with boxes and labels, relations with scores",
    ...{ ending: "json", type: "application/json" },
    write: ({ graph }, _, image) => {
      const { attention: _attention, steps: _steps, ...rest } = graph;
      const relations = chooseRelations(graph, CHOICE);
      return `${JSON.stringify({ image, ...rest, relations })}\n`;
    },
  },
  {
    title: "Picture with graph",
    what: "SVG, with the picture in it",
    ...{ ending: "svg", type: SVG },
    write: ({ graph }, imageHref) => drawOverImage(graph, { imageHref }),
  },
  {
    title: "Graph alone",
    what: "SVG",
    ...{ ending: "graph.svg", type: SVG },
    write: ({ graph }) => drawGraph(graph),
  },
  {
    title: "Before and after context",
    what: "SVG, with the picture in it",
    ...{ ending: "before-after.svg", type: SVG },
    write: ({ graph, before }, imageHref) =>
      drawBeforeAfter(graph, { before, imageHref }),
  },
  {
    title: "Attention",
    what: "SVG, of the whole graph and four entities",
    ...{ ending: "attention.svg", type: SVG },
    write: ({ graph }, imageHref) =>
      drawAttention(graph, graph.attention!.at(-1)!, { imageHref }),
  },
  {
    title: "Steps",
    what: "SVG, how beliefs moved",
    ...{ ending: "steps.svg", type: SVG },
    write: ({ graph }) => drawSteps(graph, graph.steps!),
  },
  {
    title: "DOT",
    what: "for Graphviz",
    ...{ ending: "dot", type: TEXT },
    write: ({ graph }) => toDot(graph, CHOICE),
  },
  {
    title: "JSON-LD",
    what: "for databases of graphs",
    ...{ ending: "jsonld", type: "application/ld+json" },
    write: ({ graph }) => `${toJsonLd(graph, CHOICE)}\n`,
  },
  {
    title: "Sentences",
    what: "one line for each relation",
    ...{ ending: "txt", type: TEXT },
    write: ({ graph }) => toSentences(graph, CHOICE),
  },
];

/** Offers the forms of a graph. */
export class Saver {
  /** Offers those of a result. */
  show(seen: Seen, picture: ShownPicture): void {
    const forms = FORMS.filter(({ title }) =>
      title !== "Attention" || seen.graph.attention !== undefined
    );
    byId("forms").replaceChildren(...forms.map((form) => {
      const { title, what } = form;
      const text = element(
        "span",
        {},
        element("b", {}, title),
        element("small", {}, what),
      );
      const label = `Save: ${title}`;
      const button = element("button", { type: "button", "aria-label": label }, "Save");
      button.addEventListener("click", () => save(form, seen, picture));
      return element("li", {}, text, button);
    }));
  }
}

async function save(form: Form, seen: Seen, picture: ShownPicture): Promise<void> {
  const text = form.write(seen, await picture.dataHref(), picture.name);
  const href = URL.createObjectURL(new Blob([text], { type: form.type }));
  const link = element("a", { href, download: `${stemOf(picture.name)}.${form.ending}` });
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** The name of a file without its ending and without what file systems refuse. */
function stemOf(name: string): string {
  const stem = name.replace(/\.\w{1,5}$/, "")
    // deno-lint-ignore no-control-regex -- control characters are the target
    .replace(/[\\/:*?"<>|\u0000-\u001f\u202a-\u202e\u2066-\u2069]+/g, "_");
  return [...stem].slice(0, 80).join("") || "graph";
}
