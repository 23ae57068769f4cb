/**
 * Finds every error that a module makes, with its message, by the syntax tree of
 * `Deno.lint`, which exists in tests only.
 *
 * @module
 */

/** An error that a module makes, or a `throw` of another value. */
export interface ErrorPlace {
  /** Path and line, such as `src/files.ts:82`. */
  place: string;
  /** Class of the error; what is thrown, such as `refused(...)`, where none is made. */
  what: string;
  /**
   * The text of its message with its interpolations, as in `Cannot read "${path}"`;
   * `undefined` if none is made here, or if the message is not a text.
   */
  message?: string;
  /** The class whose constructor makes this message. */
  makerOf?: string;
}

/** The parts of a syntax tree that are read here. */
interface Node {
  type: string;
  range: [number, number];
  callee?: Node;
  arguments?: Node[];
  argument?: Node;
  quasis?: { raw: string }[];
  expressions?: Node[];
  left?: Node;
  right?: Node;
  test?: Node;
  consequent?: Node;
  alternate?: Node;
  value?: unknown;
  name?: string;
}

/**
 * Lists the errors of a module in the order of its text.
 *
 * @param path Name of the module, which the places begin with.
 * @param text Its source.
 */
export function findErrors(path: string, text: string): ErrorPlace[] {
  const found: ErrorPlace[] = [];
  let inClass: string | undefined;
  const placeOf = ({ range }: Node) =>
    `${path}:${text.slice(0, range[0]).split("\n").length}`;
  const sourceOf = ({ range }: Node) => text.slice(...range).replace(/\s+/g, " ");
  const create = () => ({
    NewExpression(node: unknown) {
      const error = node as Node;
      const what = sourceOf(error.callee!);
      if (!what.endsWith("Error")) return;
      const [first] = error.arguments!;
      found.push({
        place: placeOf(error),
        what: first ? `${what}(${sourceOf(first)})` : what,
        message: first && messageOf(first, sourceOf),
      });
    },
    ClassDeclaration(node: unknown) {
      const { superClass, id } = node as { superClass?: Node; id: Node };
      if (superClass && sourceOf(superClass).endsWith("Error")) inClass = sourceOf(id);
    },
    "ClassDeclaration:exit"() {
      inClass = undefined;
    },
    "CallExpression[callee.type='Super']"(node: unknown) {
      const call = node as Node, [first] = call.arguments!;
      if (!inClass) return;
      const message = first && messageOf(first, sourceOf);
      found.push({
        place: placeOf(call),
        what: sourceOf(call),
        message,
        makerOf: inClass,
      });
    },
    ThrowStatement(node: unknown) {
      const { argument } = node as { argument: Node };
      if (argument.type === "NewExpression") return;
      found.push({ place: placeOf(node as Node), what: sourceOf(argument) });
    },
  });
  const plugin = { name: "errors", rules: { list: { create } } };
  Deno.lint.runPlugin(plugin as unknown as Deno.lint.Plugin, path, text);
  return found;
}

/** The text of a message; of a choice of two, both, one after the other. */
function messageOf(node: Node, sourceOf: (node: Node) => string): string | undefined {
  const inner = (part: Node) => messageOf(part, sourceOf) ?? `\${${sourceOf(part)}}`;
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? node.value : undefined;
    case "TemplateLiteral":
      return node.quasis!.map(({ raw }, i) => {
        const expression = node.expressions![i];
        return expression ? `${raw}\${${sourceOf(expression)}}` : raw;
      }).join("");
    case "BinaryExpression":
      return inner(node.left!) + inner(node.right!);
    case "ConditionalExpression":
      return `${inner(node.consequent!)} | ${inner(node.alternate!)}`;
    case "CallExpression": // escapeControls(`...`)
      return node.arguments!.length === 1
        ? messageOf(node.arguments![0], sourceOf)
        : undefined;
    default:
      return undefined;
  }
}
