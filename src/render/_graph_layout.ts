/**
 * Lays a graph out in layers, below or beside each other.
 *
 * @module
 */

import { dagre } from "../deps/layout.ts";
import { joinAtPorts } from "./_ports.ts";
import type { Point, Rect } from "./_svg.ts";

/** Width and height. */
type Size = readonly [width: number, height: number];

/** What is laid out. */
export interface GraphToLayOut {
  /** Size of each node by its key. */
  nodes: ReadonlyMap<number, Size>;
  /** Arrows between nodes, with the sizes of their labels. */
  edges: readonly { from: number; to: number; label: Size }[];
  /** Room along the side of a node for each arrow that meets it there. */
  portRoom: number;
}

/** Where everything is. */
export interface GraphLayout {
  width: number;
  height: number;
  nodes: Map<number, Rect>;
  /** For each arrow, all points of its way, from the edge of the one node to the other. */
  lines: Point[][];
  /** For each arrow, the centre of its label. */
  labels: Point[];
  /** Whether layers are beside each other, so that arrows run across. */
  isAcross: boolean;
}

const MARGIN = 12;
/** Room between nodes of a layer and between layers, and where it is scarce. */
const ROOM = { nodesep: 28, ranksep: 56 }, LITTLE_ROOM = { nodesep: 12, ranksep: 40 };

/**
 * Lays a graph out. Layers are below each other; if that is too wide, nearer to each other or
 * beside each other.
 *
 * @param graph The graph.
 * @param maxWidth Width that is not to be exceeded; if none fits, the narrowest is taken.
 */
export function layOutGraph(graph: GraphToLayOut, maxWidth: number): GraphLayout {
  let best = layers(graph, ROOM, false);
  for (const [room, isAcross] of [[LITTLE_ROOM, false], [LITTLE_ROOM, true]] as const) {
    if (best.width <= maxWidth) break;
    const other = layers(graph, room, isAcross);
    if (other.width < best.width) best = other;
  }
  return best;
}

/** Lays layers out; those beside each other as the ones below each other, turned over. */
function layers(
  { nodes, edges, portRoom }: GraphToLayOut,
  room: typeof ROOM,
  isAcross: boolean,
): GraphLayout {
  const turn = ([x, y]: Point): [number, number] => isAcross ? [y, x] : [x, y];
  const layout = new dagre.graphlib.Graph({ multigraph: false });
  layout.setGraph({ ...room, marginx: MARGIN, marginy: MARGIN });
  for (const [key, size] of nodes) {
    const [width, height] = turn(size);
    // An arrow needs room beside the others that meet the same side.
    const ends = edges.filter(({ from, to }) => key === from || key === to).length;
    layout.setNode(String(key), { width: Math.max(width, portRoom * ends), height });
  }
  for (const { from, to, label } of edges) {
    const [width, height] = turn(label);
    layout.setEdge(String(from), String(to), { width, height, labelpos: "c" });
  }
  dagre.layout(layout);

  const rects = new Map([...nodes.keys()].map((key): [number, Rect] => {
    const { x, y, width: w, height: h } = layout.node(String(key));
    return [key, { x: x! - w / 2, y: y! - h / 2, width: w, height: h }];
  }));
  const placed = edges.map(({ from, to }) => layout.edge(String(from), String(to)));
  const lines = joinAtPorts(edges.map(({ from, to }, i) => ({
    from: rects.get(from)!,
    to: rects.get(to)!,
    // The first and last points lie on the edges of the nodes.
    between: placed[i].points.slice(1, -1)
      .map(({ x, y }: { x: number; y: number }): Point => [x, y]),
  })));
  const { width, height } = finiteSize(layout.graph());
  const [across, down] = turn([width, height]);
  return {
    width: across,
    height: down,
    nodes: new Map([...rects].map(([key, rect]) => {
      const [x, y] = turn([rect.x, rect.y]), [w, h] = turn([rect.width, rect.height]);
      return [key, { x, y, width: w, height: h }];
    })),
    lines: lines.map((line) => line.map(turn)),
    labels: placed.map(({ x, y }) => turn([x!, y!])),
    isAcross,
  };
}

/** An empty graph has a margin; Dagre says minus infinity. */
function finiteSize({ width, height }: { width?: number; height?: number }) {
  return Number.isFinite(width)
    ? { width: width!, height: height! }
    : { width: 2 * MARGIN, height: 2 * MARGIN };
}
