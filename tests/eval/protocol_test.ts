import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  checkProtocol,
  describeProtocol,
  parseProtocol,
  PROTOCOLS,
} from "../../src/eval/protocol.ts";

Deno.test("parseProtocol() takes a name, and changes after it", () => {
  assertEquals(parseProtocol("sgp"), PROTOCOLS.sgp);
  const text = "motifs+aggregate=pooled+threshold=0.7+listLimit=null+pixel=0";
  assertEquals(parseProtocol(text), {
    ...PROTOCOLS.motifs,
    name: text,
    aggregate: "pooled",
    threshold: 0.7,
    listLimit: null,
    pixel: 0,
  });
});

Deno.test("parseProtocol() refuses unknown names, fields and values", () => {
  for (
    const [text, message] of [
      ["motif", 'Cannot find the protocol "motif": the nearest is "motifs"'],
      [
        "vrd+matchin=one-to-one",
        'Cannot change "matchin" of protocol "vrd": the nearest field is "matching"',
      ],
      ["vrd+name=x", 'Cannot change "name" of protocol "vrd"'],
      [
        "vrd+matching=some",
        'Cannot use protocol "vrd+matching=some": "matching" must be many-to-one or one-to-one: current value is some',
      ],
      ["vrd+matching", "current value is undefined"],
      ["vrd+threshold=1.5", '"threshold" must be in (0, 1]: current value is 1.5'],
      ["vrd+threshold=x", '"threshold" must be in (0, 1]: current value is x'],
      ["vrd+listLimit=0", '"listLimit" must be null or an integer >= 1'],
    ]
  ) assertThrows(() => parseProtocol(text), RangeError, message);
});

Deno.test("checkProtocol() takes every named record and refuses others", () => {
  for (const protocol of Object.values(PROTOCOLS)) {
    assertEquals(checkProtocol(JSON.parse(JSON.stringify(protocol))), protocol);
  }
  assertThrows(
    () => checkProtocol("motifs"),
    TypeError,
    'Cannot use "motifs" as a protocol: it must be an object',
  );
  assertThrows(
    () => checkProtocol({ ...PROTOCOLS.vrd, colour: "red" }),
    RangeError,
    '"colour" must be a field of a protocol',
  );
  assertThrows(
    () => checkProtocol({ ...PROTOCOLS.vrd, name: 3 }),
    RangeError,
    '"name" must be a text: current value is 3',
  );
});

Deno.test("describeProtocol() mentions every choice", () => {
  const text = describeProtocol(PROTOCOLS.vrd);
  assertStringIncludes(text, "vrd: background=excluded, candidatePairs=all");
  for (const [field, value] of Object.entries(PROTOCOLS.vrd)) {
    if (field !== "name") assertStringIncludes(text, `${field}=${value}`);
  }
});
