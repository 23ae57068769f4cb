/**
 * Neo4j's own parser of Cypher, which checks what this project writes.
 *
 * @module
 */

import {
  getDebugTree,
  lintCypherQuery,
  parseStatementsStrs,
  type SimpleTree,
  // deno-lint-ignore no-import-prefix
} from "npm:@neo4j-cypher/language-support@2.0.0-next.38";

/** What Neo4j makes of a file of Cypher. */
export interface ReadCypher {
  /** What it would refuse. */
  problems: string[];
  /** The number of statements. */
  statements: number;
  /** Names in backticks, as written. */
  names: string[];
  /** Strings with their escapes undone; those with a plus between them are one. */
  strings: string[];
}

/**
 * Parses a file of Cypher, and checks the meaning of each statement.
 *
 * @param text The statements.
 * @param version How Neo4j is to read each of them: `5` or `25`.
 */
export function readCypher(text: string, version: 5 | 25): ReadCypher {
  const statements = parseStatementsStrs(text).map((each) => each.trim())
    .filter((each) => each !== "");
  const words = statements.flatMap((each) => leaves(getDebugTree(each)));
  const strings: string[] = [];
  words.forEach(([rule, word], i) => {
    if (rule !== "stringLiteral") return;
    const value: string = JSON.parse(word);
    if (words[i - 1][1] === "+") strings.push(strings.pop() + value);
    else strings.push(value);
  });
  return {
    problems: statements.flatMap((each) =>
      lintCypherQuery(`CYPHER ${version} ${each}`, {}).diagnostics.map(({ message }) =>
        `${message}`
      )
    ),
    statements: statements.length,
    names: words.filter(([rule]) => rule === "escapedSymbolicNameString")
      .map(([, word]) => word),
    strings,
  };
}

/** The leaves of a tree, each after the name of the rule above it. */
function leaves(
  { name, children = [] }: SimpleTree,
  rule = "",
): [rule: string, word: string][] {
  return children.length === 0
    ? [[rule, name]]
    : children.flatMap((child) => leaves(child, name));
}
