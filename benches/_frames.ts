/**
 * Reads a trace of Chromium: how long its main thread works for each frame.
 *
 * @module
 */

/** An event of a trace; times are in microseconds. */
export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Time that the thread itself ran, which other programs do not prolong. */
  tdur?: number;
}

/** The event that begins when a frame is made, after the scripts of the frame. */
const FRAME = "AnimationFrame::Render";

/** Work of the main thread. */
export interface FrameTimes {
  /** Milliseconds of each frame. */
  frames: number[];
  /** Greatest milliseconds of a task. */
  longestTask: number;
}

/**
 * Sums the tasks of the page's main thread between the beginnings of its frames.
 *
 * @param events Events of the categories `toplevel` and `devtools.timeline`.
 * @returns Processor time of each frame, in order.
 * @throws {RangeError} If the trace has no frame.
 */
export function frameTimes(events: readonly TraceEvent[]): FrameTimes {
  const begins = events.filter(({ name, ph }) => name === FRAME && ph === "b");
  // Of several pages, the one with most frames is the one that scrolls.
  const threads = Map.groupBy(begins, ({ pid, tid }) => `${pid} ${tid}`);
  const [main] = [...threads.entries()].sort(([, a], [, b]) => b.length - a.length);
  if (!main) {
    throw new RangeError("Cannot time frames as the trace must have some: found none");
  }
  const [thread, ofThread] = main;
  const starts = ofThread.map(({ ts }) => ts).sort((a, b) => a - b);
  const tasks = events.filter(({ name, ph, pid, tid }) =>
    name.endsWith("RunTask") && ph === "X" && `${pid} ${tid}` === thread
  );
  const frames = new Array<number>(starts.length).fill(0);
  for (const { ts, tdur, dur = 0 } of tasks) {
    const at = starts.findLastIndex((start) => start <= ts);
    if (at >= 0) frames[at] += (tdur ?? dur) / 1000;
  }
  const longestTask = Math.max(0, ...tasks.map(({ tdur, dur = 0 }) => tdur ?? dur)) /
    1000;
  return { frames, longestTask };
}
