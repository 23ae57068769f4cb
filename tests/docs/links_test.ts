/** Everything that a document points to is there. */

import { assertEquals } from "@std/assert";
import { ROOT } from "../tasks/_run_script.ts";
import { DOCUMENTS, proseOf } from "./_documents.ts";

Deno.test("documents: links lead to files and headings that exist", () => {
  const broken: string[] = [];
  for (const [path, text] of DOCUMENTS) {
    for (const [, link] of proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [target, anchor] = link.split("#");
      const file = target === "" ? path : resolve(path, target);
      const isThere = exists(file) &&
        (anchor === undefined || anchorsOf(DOCUMENTS.get(file) ?? "").has(anchor));
      if (!isThere) broken.push(`${path}: ${link}`);
    }
  }
  assertEquals(broken, []);
});

Deno.test("documents: the files that they name are in the project", () => {
  const missing: string[] = [];
  for (const [path, text] of DOCUMENTS) {
    for (const [, name] of proseOf(text).matchAll(/`([^`\s]+)`/g)) {
      const isOurs = /^(src|tasks|tests|build|benches|docs|examples)\//.test(name) ||
        /^[A-Z]+\.md$/.test(name);
      if (isOurs && !/[<*]/.test(name) && !exists(name)) missing.push(`${path}: ${name}`);
    }
  }
  assertEquals(missing, []);
});

Deno.test("documents: every page of docs/ is reached from README.md, and short", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) { // grows on the way
    for (const [, link] of proseOf(DOCUMENTS.get(path)!).matchAll(/\]\(([^)\s#]+)/g)) {
      const target = /^https?:/.test(link) ? undefined : resolve(path, link);
      if (target !== undefined && DOCUMENTS.has(target)) reached.add(target);
    }
  }
  for (const [path, text] of DOCUMENTS) {
    const lines = text.trimEnd().split("\n").length;
    if (path.startsWith("docs/")) {
      assertEquals([path, reached.has(path), lines <= 150], [path, true, true]);
    }
    if (path === "README.md") assertEquals(lines <= 160, true, `${lines} lines`);
  }
});

/** The anchors that GitHub gives to the headings of a document. */
function anchorsOf(text: string): Set<string> {
  return new Set(
    Array.from(
      proseOf(text).matchAll(/^#+ (.*)$/gm),
      ([, title]) =>
        title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-"),
    ),
  );
}

function resolve(from: string, link: string): string {
  return new URL(link, `file:///${from}`).pathname.slice(1);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(ROOT + path) !== undefined;
  } catch {
    return false;
  }
}
