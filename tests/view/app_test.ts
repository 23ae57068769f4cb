/** What the viewer answers. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { scoreSystem } from "../../src/pipeline/system_evaluation.ts";
import { testInFolder } from "../_in_folder.ts";
import { Photographs } from "../../src/dataset/photographs.ts";
import { generateImage, WORLD_VOCABULARY } from "../../src/world/world.ts";
import { exif, png } from "../detect/_sample_images.ts";
import { openTestView, ORIGIN, writeScenes, writeWorld } from "./_opened_view.ts";

const NETWORK = "gpi_linguistic_pretrained";

testInFolder("view shows the recall of each image as eval counts it", async (folder) => {
  const dataset = await writeWorld(folder, 6);
  using view = await openTestView({
    ...{ dataset, index: `${folder}/index.sqlite`, systems: [NETWORK] },
  });
  const { images, total } = await view.json("/api/images?k=20");
  assertEquals(total, 6);
  for (const [s, system] of ["label_predictor", NETWORK].entries()) {
    const perImage = `${folder}/${s}.jsonl`;
    await scoreSystem({
      ...{ system, dataset, split: "test", metrics: "R", k: [5, 20], perImage },
      ...{ seed: 0, resamples: 10, backend: "wasm", workers: 1 },
    });
    const lines = (await Deno.readTextFile(perImage)).trim().split("\n")
      .map((line) => JSON.parse(line));
    assertEquals(lines.length, 6);
    for (const [i, { image, hits, triplets }] of lines.entries()) {
      const of20 = hits.find((each: { k: number }) => each.k === 20);
      assertEquals(images[i].id, image);
      assertEquals([images[i].hits[s], images[i].rows], [of20.hits, of20.rows]);
      // The drawn list marks as many, and the annotated graph those that were found.
      const shown = await view.json(`/api/image?image=${image}&k=20&system=${system}`);
      const panel = shown.panels.find((each: { system?: string }) =>
        each.system === system
      );
      assertEquals(panel.found, { hits: of20.hits, rows: of20.rows });
      const marked = panel.relations.filter((each: { isHit: boolean }) => each.isHit);
      const ranks = triplets.map(({ ranks }: { ranks: { R: number | null } }) => ranks.R)
        .filter((rank: number | null) => rank !== null && rank <= 20);
      assertEquals(marked.length, new Set(ranks).size);
      assertEquals(
        shown.panels[0].relations.filter((each: { isHit: boolean }) => each.isHit).length,
        of20.hits,
      );
    }
  }

  // The scores that images are filtered by are those of their drawings.
  const shown = await Promise.all(
    images.map(({ id }: { id: string }) => view.json(`/api/image?image=${id}&k=20`)),
  );
  type Drawn = { score: number; isHit: boolean };
  for (const [from, to] of [[0.5, 1], [0.1, 0.2], [0.999, 1]]) {
    for (const outcome of ["", "hit", "extra"]) {
      const fits = ({ score, isHit }: Drawn) =>
        score >= from && score <= to && (outcome === "" || isHit === (outcome === "hit"));
      const query = `k=20&scoreFrom=${from}&scoreTo=${to}&outcome=${outcome}`;
      const listed = await view.json(`/api/images?${query}`);
      assertEquals(
        listed.images.map(({ id }: { id: string }) => id),
        shown.filter(({ panels }) => panels.at(-1).relations.some(fits))
          .map(({ id }) => id),
        query,
      );
      if (outcome === "hit") continue;
      const { panels } = await view.json(`/api/image?image=${images[0].id}&${query}`);
      const { relations, chosen } = panels.at(-1);
      assertEquals(chosen.length, relations.filter(fits).length);
    }
  }
  const part = `/api/image?image=${images[0].id}&k=20&score=0.1&scoreMost=0.4`;
  const { panels: [annotated, , model] } = await view.json(part);
  assertEquals(
    model.relations,
    shown[0].panels[2].relations.filter(({ score }: Drawn) =>
      score >= 0.1 && score <= 0.4
    ),
  );
  // Annotated relations have no score.
  assertEquals(annotated.relations.length, shown[0].panels[0].relations.length);

  // Attention: shares of the others, which sum to 1, in each of the steps.
  const [{ id }] = images;
  const steps = await view.json(`/api/attention?image=${id}&entity=1`);
  assert(steps.length >= 2);
  for (const { entity, graph } of steps) {
    assertEquals(entity[1], 0);
    for (const shares of [entity, graph]) {
      const sum = shares.reduce((a: number, b: number) => a + b, 0);
      assert(Math.abs(sum - 1) < 1e-5, `${sum}`);
    }
  }
  const refused = await view.ask(`/api/attention?image=${id}&entity=99`);
  assertEquals(refused.status, 400);
  assertStringIncludes((await refused.json()).error, 'as "entity" must be below');
});

testInFolder("view tells the values that an address may have", async (folder) => {
  const dataset = await writeWorld(folder, 6);
  using view = await openTestView({ dataset, index: `${folder}/index.sqlite` });
  const { ks, predicates } = await view.json("/api/view");
  const refused = await view.ask("/api/images?k=7");
  assertEquals(refused.status, 400);
  assertEquals(
    (await refused.json()).error,
    `Cannot answer as "k" must be one of ${ks.join(", ")}: found "7"`,
  );
  const unknown = await view.ask("/api/images?predicate=oon");
  assertEquals(
    (await unknown.json()).error,
    `Cannot answer as "predicate" must be one of ${predicates.length} names, the nearest is "on": found "oon"`,
  );
});

testInFolder("view answers searches, places and pictures", async (folder) => {
  const dataset = await writeWorld(folder, 8);
  using view = await openTestView({ dataset, index: `${folder}/index.sqlite` });
  const { images } = await view.json("/api/images");
  const graphs = await Promise.all(
    images.map(({ id }: { id: string }) => view.json(`/api/image?image=${id}`)),
  );
  // Whoever looks at each annotated graph finds the same images.
  const [{ panels: [{ entities, relations }] }] = graphs;
  const { subject, predicate, object } = relations[0];
  const triplet = [entities[subject].label, predicate, entities[object].label].join(" ");
  const has = (graph: typeof graphs[0]) => {
    const [{ entities, relations }] = graph.panels;
    return relations.some((each: typeof relations[0]) =>
      triplet === [
        ...[entities[each.subject].label, each.predicate, entities[each.object].label],
      ].join(" ")
    );
  };
  const pattern = encodeURIComponent(triplet);
  const found = await view.json(`/api/images?pattern=${pattern}`);
  assertEquals(
    found.images.map(({ id }: { id: string }) => id),
    graphs.filter(has).map(({ id }) => id),
  );
  const shown = await view.json(`/api/image?image=${images[0].id}&pattern=${pattern}`);
  assert(shown.panels[0].chosen.some((match: object) => "object" in match));
  const { example } = await view.json("/api/view");
  const common = await view.json(`/api/images?pattern=${encodeURIComponent(example)}`);
  assert(common.total > 0, example);
  const wrong = await view.ask("/api/images?pattern=womn%20riding%20horse");
  assertEquals(wrong.status, 400);
  assertStringIncludes(
    (await wrong.json()).error,
    'Cannot search for "womn riding horse"',
  );

  const last = images.at(-1).id;
  const part = await view.json(`/api/images?offset=2&limit=3&image=${last}`);
  assertEquals(part.at, 7);
  assertEquals(part.images.map(({ id }: { id: string }) => id), [
    ...images.slice(2, 5).map(({ id }: { id: string }) => id),
  ]);
  const picture = await view.ask(`/api/picture?image=${last}`);
  assertEquals(picture.headers.get("content-type"), "image/svg+xml");
  assertStringIncludes(await picture.text(), "<svg");
  for (
    const path of ["image?image=no", "images?k=7", "images?order=x", "image?top=0"]
      .concat("images?scoreFrom=2", "images?scoreTo=much", "image?scoreMost=-1")
  ) {
    const { status, headers } = await view.ask(`/api/${path}`);
    assertEquals([status, headers.get("content-type")], [400, "application/json"], path);
  }
});

testInFolder("view shows detected boxes beside the annotated ones", async (folder) => {
  const dataset = `${folder}/detected`;
  await writeScenes(dataset, ["1", "2"], { isDetected: true });
  using view = await openTestView({ dataset, index: `${folder}/index.sqlite` });
  assertEquals((await view.json("/api/view")).task, "sgdet");
  const { panels, hasSharedBoxes } = await view.json("/api/image?image=2&k=20");
  assertEquals(hasSharedBoxes, false);
  const [annotated, predicted] = panels;
  const boxesOf = ({ entities }: { entities: { box: number[] }[] }) =>
    entities.map(({ box }) => box);
  assertEquals(boxesOf(annotated), boxesOf(predicted).toReversed());
  const { images: [, listed] } = await view.json("/api/images?k=20");
  assertEquals(predicted.found, { hits: listed.hits[0], rows: listed.rows });
  const isHit = (each: { isHit: boolean }) => each.isHit;
  assertEquals(annotated.relations.filter(isHit).length, listed.hits[0]);

  // A search looks at what is annotated, though no detected box has taken it over.
  const [{ subject, object, predicate }] = annotated.relations;
  const names = [subject, object].map((i) => annotated.entities[i].label);
  const pattern = encodeURIComponent(`${names[0]} ${predicate} ${names[1]}`);
  const { images } = await view.json(`/api/images?pattern=${pattern}`);
  assert(images.some(({ id }: { id: string }) => id === "2"));
  const searched = await view.json(`/api/image?image=2&pattern=${pattern}`);
  assert(
    searched.panels[0].chosen.some((pair: typeof annotated.relations[0]) =>
      pair.subject === subject && pair.object === object
    ),
  );
});

testInFolder("view draws and marks all that is searched for", async (folder) => {
  const dataset = await writeWorld(folder, 8);
  using view = await openTestView({ dataset, index: `${folder}/index.sqlite` });
  const { images } = await view.json("/api/images");
  const shown = await Promise.all(
    images.map(({ id }: { id: string }) =>
      view.json(`/api/image?image=${id}&top=1&pattern=%3Fa%20%3Fdoes%20%3Fb`)
    ),
  );
  type Related = { subject: number; object: number };
  const key = ({ subject, object }: Related) => `${subject} ${object}`;
  const most = shown.map(({ panels: [annotated] }) => annotated)
    .reduce((a, b) => b.relations.length > a.relations.length ? b : a);
  const pairs = new Set(most.relations.map(key));
  assert(pairs.size > 10, "more relations than a drawing has by default");
  assertEquals(new Set(most.chosen.map(key)), pairs);

  // One relation is drawn: the best one, or that which was searched for.
  const last = shown.flatMap(({ id, panels: [{ relations, entities }] }) =>
    relations.slice(-1).map(({ subject, object, predicate }: Related & {
      predicate: string;
    }) => ({
      ...{ id, edge: `${subject} ${object}` },
      pattern: `${entities[subject].label} ${predicate} ${entities[object].label}`,
    }))
  );
  assert(last.length > 0);
  for (const { id, edge, pattern } of last) {
    const query = `image=${id}&top=1&pattern=${encodeURIComponent(pattern)}`;
    const { panels: [{ svg, chosen }] } = await view.json(`/api/image?${query}`);
    assert(chosen.map(key).includes(edge), pattern);
    const drawn = [...svg.matchAll(/data-edge="([^"]*)"/g)].map(([, pair]) => pair);
    assert(drawn.length > 0 && drawn.every((pair) => chosen.map(key).includes(pair)));
  }
});

/** A gray PNG, as stored, with the orientation of EXIF. */
function photographOf(width: number, height: number, orientation = 1) {
  const rows = Array.from({ length: height }, () => Array<number>(width).fill(99));
  return png({
    ...{ width, height, depth: 8, colour: 0, rows },
    exif: exif(orientation, true),
  });
}

testInFolder("view shows files of predictions, and photographs", async (folder) => {
  const dataset = `${folder}/scenes`, ids = ["1.png", "../secret", "3", "4", "5"];
  await writeScenes(dataset, ids);
  const { entities, predicates } = WORLD_VOCABULARY;
  // A system that says what is annotated finds it all; one image is left out.
  const lines = ids.slice(0, 2).map((id, i) => {
    const { entityLabels, relations } = generateImage(3, "test", i).example;
    const rows = Array.from({ length: relations.length / 3 }, (_, r) => {
      const [subject, object, predicate] = relations.slice(3 * r, 3 * r + 3);
      return [subject, object, predicates[predicate], 1 - r / 100];
    });
    const labels = Array.from(entityLabels, (label) => entities[label]);
    return JSON.stringify({ id, labels, relations: rows });
  });
  const head = { format: "scene-graph-predictions", version: 1, task: "sgcls" };
  const path = `${folder}/all.jsonl`;
  await Deno.writeTextFile(path, [JSON.stringify(head), ...lines].join("\n"));
  const { example: { width, height } } = generateImage(3, "test", 0);
  // A small copy, as the camera held upright has stored it.
  const small = photographOf(height / 8, width / 8, 6);
  const damaged = Uint8Array.fromHex("89504e470d0a1a0a0000000d");
  const files = { "photos/1.png": small, secret: small, "photos/3": damaged };
  await Deno.mkdir(`${folder}/photos`);
  for (
    const [name, bytes] of Object.entries({
      ...files,
      "photos/4.png": photographOf(80, 50),
    })
  ) {
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
  const photographs = await Photographs.open(`${folder}/photos`);
  using view = await openTestView({
    ...{ dataset, index: `${folder}/index.sqlite`, systems: [path], missing: "empty" },
  }, { photographs });
  const { images } = await view.json("/api/images?k=20");
  for (const [i, { hits, rows }] of images.entries()) {
    // Of a pair with two predicates, the graph constraint keeps one.
    const { relations } = generateImage(3, "test", i).example;
    const pairs = new Set(
      Array.from({ length: rows }, (_, r) => relations.slice(3 * r, 3 * r + 2).join()),
    );
    assertEquals(hits[1], i < 2 ? pairs.size : 0);
  }
  const [first, second, third, fourth, fifth] = await Promise.all(
    ids.map((id) => view.json(`/api/image?k=20&image=${encodeURIComponent(id)}`)),
  );
  assertEquals(first.panels.length, 3);
  assertEquals(third.panels.length, 2); // the file has no graph of it
  // The copy is scaled to the plane of the boxes; one of another shape is not stretched.
  const address = "/api/picture?image=";
  const placed = (image: typeof first) =>
    image.panels.map(({ svg }: { svg: string }) =>
      /<image href="([^"]*)" width="([^"]*)" height="([^"]*)"/.exec(svg)?.slice(1)
    );
  const each = [`${address}1.png`, `${width}`, `${height}`];
  assertEquals(placed(first), [each, each, each]);
  const other = [`${address}4`, "80", "50"];
  assertEquals(placed(fourth), [other, other]);
  for (
    const [image, note] of [
      [second, 'The folder has no photograph "../secret".'],
      [third, 'Cannot decode "3" as the file is damaged: it ends too early'],
      [fifth, 'The folder has no photograph "5".'],
    ]
  ) {
    assertEquals(placed(image).some(Boolean), false);
    assertStringIncludes(image.notes[0], note);
  }
  assertEquals([first.notes, fourth.notes], [[], []]);
  const picture = await view.ask(`${address}1.png`);
  assertEquals(picture.headers.get("content-type"), "image/png");
  assertEquals(await picture.bytes(), small);
  const refused = await view.ask("/api/picture?image=../secret");
  assertEquals(refused.status, 404);
  await refused.body?.cancel();
});

testInFolder(
  "view serves its own files alone, and keeps them to itself",
  async (folder) => {
    const dataset = await writeWorld(folder, 1);
    using view = await openTestView({ dataset, index: `${folder}/index.sqlite` });
    const policy = "default-src 'none'; script-src 'self'; style-src 'self'; " +
      "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'";
    for (const path of ["/", "/page/main.ts", "/page/style.css", "/api/view", "/no"]) {
      const { headers, status, body } = await view.ask(path);
      await body?.cancel();
      assertEquals(status, path === "/no" ? 404 : 200);
      assertEquals(headers.get("content-security-policy"), policy, path);
      assertEquals(headers.get("x-content-type-options"), "nosniff");
      assertEquals(headers.get("cache-control"), "no-store");
      assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
      assertEquals(headers.get("access-control-allow-origin"), null);
    }
    const script = await (await view.ask("/page/main.ts")).text();
    assert(!/^import type|: ViewInfo/m.test(script), "the browser cannot read types");
    const page = await (await view.ask("/")).text();
    assert(!/<script(?! type="module" src="\/page)|style="|\son\w+=/.test(page));
    const traversals = [
      ...[
        "/page/../../deno.json",
        "/page/%2e%2e/%2e%2e/deno.json",
        "/..%2f..%2fdeno.json",
      ],
      ...["/page/..%5c..%5cdeno.json", "/page/%252e%252e%252fdeno.json", "//etc/passwd"],
      ...[
        "/page/%00",
        "/deno.json",
        "/src/view/app.ts",
        "/page/",
        "/page",
        "/.git/config",
      ],
    ];
    for (const path of traversals) {
      const response = await view.ask(path);
      assertEquals(response.status, 404, path);
      assertStringIncludes((await response.json()).error, "Cannot find");
    }
    const status = async (path: string, init: RequestInit) => {
      const response = await view.ask(path, init);
      await response.body?.cancel();
      return response.status;
    };
    assertEquals(await status("/api/view", { headers: { host: "evil.example" } }), 403);
    assertEquals(
      await status("/api/view", { headers: { origin: "http://a.test" } }),
      403,
    );
    assertEquals(await status("/api/view", { method: "DELETE" }), 405);
    assertEquals(await status("/api/view", { method: "POST" }), 404);
    const own = { method: "POST", body: "x", headers: { origin: ORIGIN } };
    assertEquals(await status("/api/drop?name=a.json", own), 400);
    const large = { ...own, headers: { "content-length": String(2 ** 30) } };
    assertEquals(await status("/api/drop", large), 413);
  },
);
