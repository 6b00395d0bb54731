// Plots as SVG without anything from elsewhere: readable on light and dark pages, with the fonts of whoever looks.

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: 600 }
  .faint { fill: #57606a; font-size: 11px }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .whisker { stroke: #24292f; stroke-width: 1 }
  .t0 { fill: #0969da; stroke: #0969da }
  .t1 { fill: #8c959f; stroke: #8c959f }
  .t2 { fill: #bf8700; stroke: #bf8700 }
  .t3 { fill: #1a7f37; stroke: #1a7f37 }
  .t4 { fill: #8250df; stroke: #8250df }
  .line { fill: none; stroke-width: 2 }
  .dashed { stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .faint { fill: #8b949e }
    .grid { stroke: #30363d }
    .whisker { stroke: #e6edf3 }
    .t0 { fill: #58a6ff; stroke: #58a6ff }
    .t1 { fill: #6e7681; stroke: #6e7681 }
    .t2 { fill: #d29922; stroke: #d29922 }
    .t3 { fill: #3fb950; stroke: #3fb950 }
    .t4 { fill: #bc8cff; stroke: #bc8cff }
  }
`;

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const text = (x, y, content, { kind = '', anchor = 'start' } = {}) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" class="${kind}" text-anchor="${anchor}">${escaped(content)}</text>`;
const line = (x1, y1, x2, y2, kind) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" class="${kind}"/>`;

function svg({ width, height, title, parts }) {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`;
  const heading = text(16, 24, title, { kind: 'title' });
  return `${[open, `<style>${STYLE}</style>`, heading, ...parts, '</svg>'].join('\n')}\n`;
}

/** Round numbers from 0 to just above `most`. */
function ticks(most) {
  const rough = most / 5;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((one) => one >= rough);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

/** What each colour means, in a row. */
function legend(entries, y) {
  let x = 16;
  return entries.flatMap(({ label, tone }) => {
    const parts = [
      `<rect x="${x}" y="${y - 9}" width="10" height="10" class="t${tone}"/>`,
      text(x + 15, y, label, { kind: 'faint' }),
    ];
    x += 32 + label.length * 6.4;
    return parts;
  });
}

const WIDTH = 760;

/**
 * Bars that lie, in groups, with the quartiles as a whisker.
 * @param {{ title: string, unit: string, tones: { label: string, tone: number }[],
 *   groups: { label: string, bars: { label: string, tone: number, value: number, low?: number, high?: number }[] }[] }} chart
 */
export function barChart({ title, unit, tones, groups }) {
  const [left, right, row, gap, top] = [190, 70, 18, 12, 66];
  const bars = groups.flatMap((group) => group.bars);
  const scale = ticks(Math.max(...bars.map(({ value, high = value }) => high)));
  const plotWidth = WIDTH - left - right;
  const x = (value) => left + (value / scale.at(-1)) * plotWidth;
  const height = top + bars.length * row + groups.length * (gap + row) + 30;
  const parts = [...legend(tones, 46)];
  for (const tick of scale) {
    parts.push(line(x(tick), top - 4, x(tick), height - 28, 'grid'));
    parts.push(text(x(tick), height - 12, String(tick), { kind: 'faint', anchor: 'middle' }));
  }
  parts.push(text(WIDTH - 8, height - 12, unit, { kind: 'faint', anchor: 'end' }));
  let y = top;
  for (const { label, bars: own } of groups) {
    parts.push(text(16, y + 13, label));
    y += row;
    for (const { label: name, tone, value, low, high } of own) {
      parts.push(text(left - 8, y + 13, name, { kind: 'faint', anchor: 'end' }));
      const width = (x(value) - left).toFixed(1);
      parts.push(
        `<rect x="${left}" y="${y + 3}" width="${width}" height="${row - 6}" class="t${tone}"/>`,
      );
      if (low !== undefined && high !== undefined)
        parts.push(line(x(low), y + row / 2, x(high), y + row / 2, 'whisker'));
      const shown = value >= 100 ? value.toFixed(0) : value.toFixed(1);
      parts.push(text(x(high ?? value) + 5, y + 13, shown, { kind: 'faint' }));
      y += row;
    }
    y += gap;
  }
  return svg({ width: WIDTH, height, title, parts });
}

const powersOfTen = (least, most) => {
  const from = Math.floor(Math.log10(least));
  const to = Math.ceil(Math.log10(most));
  return Array.from({ length: Math.max(to - from, 1) + 1 }, (_, index) => 10 ** (from + index));
};

/**
 * Lines over named places, upright in powers of ten.
 * @param {{ title: string, unit: string, places: string[],
 *   lines: { label: string, tone: number, dashed?: boolean, values: number[] }[] }} chart
 */
export function lineChart({ title, unit, places, lines }) {
  const [left, right, top, bottom, height] = [64, 150, 60, 40, 340];
  const values = lines.flatMap((one) => one.values).filter((value) => value > 0);
  const scale = powersOfTen(Math.min(...values), Math.max(...values));
  const [lowest, highest] = [Math.log10(scale[0]), Math.log10(scale.at(-1))];
  const floor = height - bottom;
  const y = (value) =>
    floor - ((Math.log10(Math.max(value, scale[0])) - lowest) / (highest - lowest)) * (floor - top);
  const x = (index) => left + (index * (WIDTH - left - right)) / Math.max(places.length - 1, 1);
  const parts = [text(16, 44, unit, { kind: 'faint' })];
  for (const tick of scale) {
    parts.push(line(left, y(tick), WIDTH - right, y(tick), 'grid'));
    parts.push(text(left - 8, y(tick) + 4, String(tick), { kind: 'faint', anchor: 'end' }));
  }
  for (const [index, place] of places.entries())
    parts.push(text(x(index), height - 14, place, { kind: 'faint', anchor: 'middle' }));
  let below = -Infinity;
  for (const one of lines.toSorted((a, b) => b.values.at(-1) - a.values.at(-1))) {
    const points = one.values.map(
      (value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`,
    );
    const kind = `line t${one.tone}${one.dashed ? ' dashed' : ''}`;
    parts.push(`<polyline points="${points.join(' ')}" class="${kind}" style="fill: none"/>`);
    // Names at the lines' ends stay apart, however close the lines are.
    below = Math.max(below + 13, y(one.values.at(-1)) + 4);
    parts.push(text(WIDTH - right + 8, below, one.label, { kind: 'faint' }));
  }
  return svg({ width: WIDTH, height: Math.max(height, below + 12), title, parts });
}
