import { assertEquals, assertThrows } from "@std/assert";
import { parsePattern } from "../../src/search/pattern.ts";

const NAMES = {
  entities: ["man", "traffic light", "light", "horse"],
  predicates: ["on", "next to", "sitting on"],
};

Deno.test("parsePattern() reads classes, variables and predicates", () => {
  const cases: [string, ReturnType<typeof parsePattern>][] = [
    ["man on horse", [
      {
        subject: { label: "man", variable: undefined },
        predicate: "on",
        object: { label: "horse", variable: undefined },
      },
    ]],
    // Names of several words, in any case, with any blanks.
    ["Traffic_light  NEXT to ?x", [{
      subject: { label: "traffic light", variable: undefined },
      predicate: "next to",
      object: { variable: "x" },
    }]],
    ["man ?m sitting on ?, ?m ?any light", [
      {
        subject: { label: "man", variable: "m" },
        predicate: "sitting on",
        object: { variable: undefined },
      },
      { subject: { variable: "m" }, object: { label: "light", variable: undefined } },
    ]],
    ["horse", [{ subject: { label: "horse", variable: undefined } }]],
  ];
  for (const [text, expected] of cases) assertEquals(parsePattern(text, NAMES), expected);
});

Deno.test("parsePattern() says which word it does not know", () => {
  for (
    const [text, message] of [
      [
        "mann on horse",
        'found "mann", which is no class of these graphs; the nearest is "man"',
      ],
      [
        "man onn horse",
        'found "onn", which is no predicate of these graphs; the nearest is "on"',
      ],
      [
        "man on hors",
        'found "hors", which is no class of these graphs; the nearest is "horse"',
      ],
      [
        "man on zebra",
        'found "zebra", which is no class of these graphs; none of the',
      ],
      [
        "person on horse",
        'found "person", which is no class of these graphs; the nearest is "man"',
      ],
      ["man on", '"man on" must have an object: found none'],
      ["man ?m on", '"man ?m on" must have an object: found none'],
      ["man on horse,", "each part between commas must have words"],
      ["", "each part between commas must have words"],
    ]
  ) {
    assertThrows(() => parsePattern(text, NAMES), RangeError, message);
  }
});
