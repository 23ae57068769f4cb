import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ENTITY_NAMES } from "../../src/world/classes.ts";
import type { Pose, Scene } from "../../src/world/scene.ts";
import { drawScene } from "../../src/world/drawing/scene_svg.ts";
import { generateScene } from "../../src/world/world.ts";

/** Fails unless every element is closed in order and every attribute is quoted. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const tags = /<(\/?)([a-zA-Z]+)((?: [\w:-]+="[^"<&]*")*)(\/?)>/g;
  const between = xml.replace(tags, (_, isEnd, name, attributes, isEmpty) => {
    if (isEnd) assertEquals(open.pop(), name);
    else if (!isEmpty) open.push(name);
    assert(!isEnd || attributes === "");
    return "";
  });
  assertEquals(open, []);
  assert(!/[<>]|&(?!#\d+;)/.test(between), `not well-formed: ${between.trim()}`);
  assert(!/NaN|undefined|Infinity/.test(xml));
}

Deno.test("drawScene() draws every thing as well-formed SVG, far ones first", () => {
  for (let index = 0; index < 200; index++) {
    const scene = generateScene(2, "test", index);
    const svg = drawScene(scene);
    assertWellFormed(svg);
    const drawn = [...svg.matchAll(/data-entity="(\d+)"><title>([^<]*)</g)];
    assertEquals(drawn.length, scene.entities.length);
    let depth = -Infinity;
    for (const [, at, name] of drawn) {
      const entity = scene.entities[Number(at)];
      assertEquals(name, entity.name);
      assert(entity.depth >= depth);
      depth = entity.depth;
    }
    assertEquals(drawScene(generateScene(2, "test", index)), svg);
  }
});

Deno.test("drawScene() draws every class in every pose with several shapes", () => {
  const poses: Pose[] = [
    "standing",
    "walking",
    "sitting",
    "perching",
    "riding",
    "lying",
    "behind",
  ];
  for (const name of ENTITY_NAMES) {
    for (const pose of poses) {
      const svg = drawScene(sceneOf(name, pose));
      assertWellFormed(svg);
      const [, inside] = svg.match(/<g data-entity="0"><title>[^<]*<\/title>(.*)<\/g>/)!;
      const shapes = inside.match(/<(rect|circle|ellipse|polygon|polyline|path)/g) ?? [];
      const isPart = ["head", "tail", "wheel"].includes(name);
      assert(shapes.length >= (isPart ? 1 : 2), `${name} has ${shapes.length} shapes`);
    }
  }
});

Deno.test("drawScene() escapes text", () => {
  const scene = { ...sceneOf("cup", "standing"), mood: `<"tea" & 'cake'>` };
  assertStringIncludes(drawScene(scene), "&#60;&#34;tea&#34; &#38; 'cake'&#62;");
});

function sceneOf(name: Scene["entities"][number]["name"], pose: Pose): Scene {
  return {
    id: "one",
    situation: "street",
    mood: "quiet",
    width: 100,
    height: 100,
    entities: [{
      name,
      pose,
      box: [10, 20, 60, 90],
      scale: 50,
      depth: 0,
      isMirrored: true,
      tone: 0.99,
    }],
    relations: [],
  };
}
