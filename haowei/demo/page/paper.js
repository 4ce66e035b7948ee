// Draws a piece of paper as the printer's dots lie: every run of letters stands on its cells, whatever fonts are installed.

import { svg } from "./dom.js";

const CELL = 12; // dots of a small half-width letter; a hanzi is 24 wide
const LINE = 30; // dots from line to line; tall letters need 24 more
const QR_DOT = 7;

const cells = (text) => [...text].reduce((sum, char) => sum + (char < "\x80" ? 1 : 2), 0);

function drawLine(line, top, width) {
  const scale = line.wide ? 2 : 1;
  const free = width - cells(line.text) * CELL * scale;
  const left = { center: free / 2, right: free }[line.align] ?? 0;
  const group = svg("g", { transform: `translate(${left} ${top}) scale(${scale} ${line.tall ? 2 : 1})`, class: line.bold && "bold" });
  for (const { 0: run, index } of line.text.matchAll(/[!-~]+(?: [!-~]+)*|[\u3000-\u9fff\uff00-\uffef]+|[^ ]/gu)) {
    const x = cells(line.text.slice(0, index)) * CELL;
    if (run < "\x80") group.append(svg("text", { x, y: 20, textLength: run.length * CELL, lengthAdjust: "spacingAndGlyphs" }, run));
    else if (run >= "\u3000") group.append(svg("text", { x: [...run].map((_, place) => x + place * 2 * CELL).join(" "), y: 20 }, run));
    else group.append(svg("text", { x: x + CELL, y: 20, "text-anchor": "middle" }, run));
  }
  return group;
}

export function drawPaper(paper) {
  const width = paper.columns * CELL;
  const last = paper.lines.findLastIndex((line) => line.text || line.qr);
  let bottom = 0;
  const drawn = paper.lines.slice(0, last + 1).map((line) => {
    const top = bottom;
    const size = line.qr ? line.qr.size * QR_DOT : 0;
    bottom += LINE + (size || (line.tall ? 24 : 0));
    if (size) return svg("path", { d: line.qr.path, transform: `translate(${(width - size) / 2} ${top + LINE / 2}) scale(${QR_DOT})` });
    return drawLine(line, top, width);
  });
  return svg("svg", { viewBox: `0 0 ${width} ${bottom}`, class: "print", "aria-hidden": "true" }, drawn);
}
