/**
 * The frame of every page: one column of text, light or dark by the reader's setting,
 * readable on a phone; it loads no other file and runs no script.
 *
 * @module
 */

import { escapeXml } from "./_svg.ts";

const STYLE = `
:root { color-scheme: light dark; --text: #1b1b1b; --ground: #ffffff; --soft: #f3f3f0;
  --line: #d6d6d0; --muted: #5c5c5c; --accent: #0072b2; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ececec; --ground: #16181a; --soft: #22262a; --line: #3b4046;
    --muted: #a8a8a8; --accent: #56b4e9; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; overflow-wrap: anywhere; }
.headline { font-size: 1.15rem; margin: 0 0 1rem; }
.notice { border-left: 4px solid var(--accent); background: var(--soft);
  padding: .6rem .9rem; margin: 1rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line);
  text-align: left; vertical-align: middle; }
th { font-weight: 600; }
th small, td small { font-weight: 400; color: var(--muted); }
.number { text-align: right; }
.difference { white-space: nowrap; }
.mark { vertical-align: middle; }
tbody th { white-space: nowrap; }
.settings th { font-weight: 400; color: var(--muted); }
.settings td { overflow-wrap: anywhere; }
.columns { display: grid; gap: 1rem 1.5rem; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--least, 420px)), 1fr)); }
figure { margin: 0; min-width: 0; }
figure svg { display: block; max-width: 100%; height: auto; max-height: 80vh; margin: 0 auto; }
figcaption, .note { color: var(--muted); font-size: .9rem; margin-top: .3rem;
  overflow-wrap: anywhere; }
/* Each drawing says how small it may be, so that its text can be read; some come in two sizes. */
.drawing, .drawings { container-type: inline-size; }
.pan { overflow-x: auto; }
.hint { height: clamp(0px, calc(100 * (var(--least) - 100cqi)), 1.5em); overflow: hidden;
  margin: 0; color: var(--muted); font-size: .85rem; }
.if-narrow { display: none; }
@container (max-width: 499px) { .if-wide { display: none; } .if-narrow { display: block; } }
.wide { grid-column: 1 / -1; }
.definition { position: absolute; }
.chart svg { max-height: none; }
.chart figcaption { margin: 0 0 .5rem; }
.chart figcaption b { color: var(--text); }
.downloads { font-size: .9rem; margin: .2rem 0; }
.downloads a { color: var(--accent); display: inline-block; padding: .3rem .4rem .3rem 0; }
summary { cursor: pointer; font-size: .9rem; padding: .2rem 0; }
.chart .scroll { max-height: 22rem; overflow-y: auto; font-size: .9rem; }
.triplets { margin: 0; padding-left: 3.6rem; }
.triplets li { position: relative; overflow-wrap: anywhere; }
.triplets .hit::before { content: "✓"; position: absolute; left: -3.4rem;
  color: var(--accent); font-weight: 700; }
pre { background: var(--soft); padding: .8rem 1rem; overflow-x: auto; border-radius: 6px; }
.pan pre { margin: 0; width: max-content; min-width: 100%; }
.lines { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  .settings th, .settings td { display: block; border: 0; padding: 0; }
  .settings tr { display: block; border-bottom: 1px solid var(--line); padding: .3rem 0; }
  .results, .results tbody, .results tr, .results th, .results td { display: block; }
  .results thead { display: none; }
  .results tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  .results th, .results td { border: 0; padding: .1rem 0; text-align: right; }
  .results tbody th { text-align: left; }
  .results td:empty, .results .mark { display: none; }
  .results .difference { white-space: normal; }
  .results .difference small { white-space: nowrap; }
  .results td::before { content: attr(data-label); float: left; margin-right: 1em; color: var(--muted); }
}
@media print { section { break-inside: avoid; } }
`;

/**
 * Makes a page.
 *
 * @param title Its title and first heading; any text.
 * @param body What stands below, as HTML.
 * @returns The whole document.
 */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeXml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}
