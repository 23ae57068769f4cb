/**
 * Answers the requests of the page.
 *
 * @module
 */

import { bodyLimit, type Context, Hono, secureHeaders } from "../deps/hono.ts";
import { ASSETS } from "./assets.ts";
import { type DroppedFiles, MAX_DROPPED } from "./dropped.ts";
import { refusalOf } from "./guard.ts";
import type { ImageFilter } from "./image_table.ts";
import { CHANGES, type ImageList, ORDERS, OUTCOMES, type Refusal } from "./messages.ts";
import type { Photographs } from "../dataset/photographs.ts";
import { Pictures } from "./pictures.ts";
import { QueryValues } from "./query_values.ts";
import type { Runs } from "./runs.ts";
import type { View } from "./view.ts";

/** What the server shows. */
export interface AppOptions {
  view: View;
  /** Photographs of the dataset; default: none. */
  photographs?: Photographs;
  /** Files that readers drop. */
  dropped: DroppedFiles;
  /** Training runs. */
  runs: Runs;
}

/** Greatest number of images that are listed at once. */
const MAX_LISTED = 500;

/** Number of lists that are kept while a reader scrolls. */
const KEPT_LISTS = 8;

/** Largest number of relations of a drawing. */
const MAX_DRAWN = 100;

/** Nothing from elsewhere, and no script or style in the page itself. */
const SECURITY = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // The address is of this machine: it has no certificate.
  strictTransportSecurity: false,
  xFrameOptions: "DENY",
};

/**
 * Makes the server's answers. It reads no path from an address: pages have fixed names, and
 * images are found by their ids.
 *
 * @param options What is shown.
 * @returns A function from requests to answers.
 */
export function viewApp(
  { view, photographs, dropped, runs }: AppOptions,
): (request: Request) => Response | Promise<Response> {
  const app = new Hono();
  app.use(secureHeaders(SECURITY));
  app.use(async (context, next) => {
    // What is shown may be private.
    context.header("Cache-Control", "no-store");
    const refused = refusalOf(context.req.raw);
    if (refused) return context.json({ error: refused.error }, refused.status);
    await next();
  });
  for (const [path, { text, type }] of ASSETS) {
    app.get(path, (context) => context.body(text, 200, { "Content-Type": type }));
  }
  const lists = new Map<string, number[]>();
  const pictures = new Pictures(view, photographs);
  const { info } = view;

  app.get("/api/view", (context) => context.json(info));

  app.get("/api/images", (context) => {
    const query = new QueryValues(context.req.url);
    const chosen = listOf(query);
    const offset = query.integer("offset", 0, 0, Infinity);
    const limit = query.integer("limit", 100, 0, MAX_LISTED);
    const k = kOf(query), image = query.text("image");
    const list: ImageList = {
      ...{ total: chosen.length, offset },
      images: chosen.slice(offset, offset + limit).map((i) => view.table.listed(i, k)),
      ...image !== undefined && { at: chosen.indexOf(view.table.placeOf(image)) },
    };
    return context.json(list);
  });

  app.get("/api/image", async (context) => {
    const query = new QueryValues(context.req.url);
    const drawn = {
      topK: query.integer("top", 10, 1, MAX_DRAWN),
      minScore: query.number("score", 0, 0, 1),
      maxScore: query.number("scoreMost", 1, 0, 1),
      ...query.text("width") && { width: query.integer("width", 0, 40, 10_000) },
    };
    const drop = dropOf(query);
    if (drop !== undefined) {
      return context.json(dropped.image(drop, drawn, `/api/picture?drop=${drop}`));
    }
    const place = placeOf(query), id = view.table.ids[place];
    const href = `/api/picture?image=${encodeURIComponent(id)}`;
    const { photograph, notes } = await pictures.groundOf(place, href);
    const image = await view.image(place, {
      ...{ ...drawn, photograph, k: kOf(query), system: systemOf(query) },
      filter: filterOf(query),
      pattern: query.text("pattern"),
    });
    return context.json({ ...image, notes });
  });

  app.get("/api/attention", async (context) => {
    const query = new QueryValues(context.req.url);
    const entity = query.integer("entity", 0, 0, Infinity), drop = dropOf(query);
    return context.json(
      drop === undefined
        ? await view.attention(placeOf(query), systemOf(query), entity)
        : dropped.attention(drop, entity),
    );
  });

  app.get("/api/picture", async (context) => {
    const query = new QueryValues(context.req.url), drop = dropOf(query);
    const picture = drop === undefined
      ? await pictures.fileOf(placeOf(query))
      : dropped.picture(drop);
    if (!picture) return notFound(context);
    return context.body(picture.bytes, 200, { "Content-Type": picture.type });
  });

  app.get("/api/runs", async (context) => {
    const query = new QueryValues(context.req.url);
    return context.json(await runs.list(query.text("run")));
  });

  app.post(
    "/api/drop",
    bodyLimit({
      maxSize: MAX_DROPPED,
      onError: (context) =>
        context.json({
          error: `Cannot read the dropped file as it must have at most ${
            Math.floor(MAX_DROPPED / 1e6)
          } MB: found more; save it smaller`,
        }, 413),
    }),
    async (context) => {
      const name = new QueryValues(context.req.url).text("name") ?? "dropped file";
      const bytes = new Uint8Array(await context.req.arrayBuffer());
      return context.json({ drop: await dropped.add(bytes, name) });
    },
  );

  app.notFound(notFound);
  app.onError((error, context) => {
    const isOfUser = error instanceof RangeError || error instanceof SyntaxError ||
      error instanceof TypeError;
    return context.json<Refusal>({ error: error.message }, isOfUser ? 400 : 500);
  });
  return (request) => app.fetch(request);

  /** The images that the filters leave, kept while the reader scrolls. */
  function listOf(query: QueryValues): number[] {
    const filter = filterOf(query), pattern = query.text("pattern");
    const key = JSON.stringify([filter, pattern]);
    const kept = lists.get(key);
    if (kept) return kept;
    const among = pattern === undefined ? undefined : view.search(pattern);
    const chosen = view.table.choose({ ...filter, among });
    lists.set(key, chosen);
    if (lists.size > KEPT_LISTS) lists.delete(lists.keys().next().value!);
    return chosen;
  }

  function filterOf(query: QueryValues): ImageFilter {
    const predicate = query.choice("predicate", info.predicates);
    return {
      order: query.choice("order", ORDERS),
      system: systemOf(query),
      k: kOf(query),
      ...predicate !== undefined && { predicate: view.predicateIndex(predicate) },
      outcome: query.choice("outcome", OUTCOMES),
      change: query.choice("change", CHANGES),
      ...(query.text("scoreFrom") ?? query.text("scoreTo")) !== undefined && {
        score: [query.number("scoreFrom", 0, 0, 1), query.number("scoreTo", 1, 0, 1)],
      },
      recall: [query.number("least", 0, 0, 1), query.number("most", 1, 0, 1)],
    };
  }

  function kOf(query: QueryValues): number {
    const k = query.choice("k", info.ks.map(String));
    return k === undefined ? 0 : info.ks.indexOf(Number(k));
  }

  function systemOf(query: QueryValues): number {
    const names = info.systems.map(({ name }) => name);
    const name = query.choice("system", names);
    return name === undefined ? names.length - 1 : names.indexOf(name);
  }

  function dropOf(query: QueryValues): number | undefined {
    return query.text("drop") && query.integer("drop", 1, 1, Infinity) || undefined;
  }

  function placeOf(query: QueryValues): number {
    const id = query.text("image") ?? "", place = view.table.placeOf(id);
    if (place >= 0) return place;
    throw new RangeError(
      `Cannot show the image "${id}" as it must be one of "${info.dataset}": found none of that id`,
    );
  }
}

function notFound(context: Context): Response {
  const { pathname } = new URL(context.req.url);
  return context.json<Refusal>({
    error:
      `Cannot find "${pathname}" as the address must be one of the page's: found none`,
  }, 404);
}
