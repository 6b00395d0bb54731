// Figures as a Markdown table: one line a row of the scenario, one column a figure; "before → after" beside another kit.

const UNITS = [
  [/Ms$/, ' ms'],
  [/MiB$/, ' MiB'],
  [/PerSecond$/, '/s'],
];

const unitOf = (name) => UNITS.find(([ending]) => ending.test(name))?.[1] ?? '';

/** `cpuP50Ms` as `cpu p50`. */
function heading(name) {
  const bare = name.replace(/(Ms|MiB|PerSecond)$/, '');
  return bare.replace(/[A-Z]+/g, (upper) => ` ${upper.toLowerCase()}`);
}

function figure(name, value) {
  if (value === undefined) return '–';
  if (typeof value !== 'number') return String(value);
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 1 ? 1 : 2;
  return value.toFixed(digits) + unitOf(name);
}

/**
 * @param {{ title: string, measured: { what: string, figures: Record<string, number | string> }[][] }} result
 * the rows of each kit, in the same order
 */
export function markdown({ title, measured }) {
  const rows = measured.at(-1);
  const names = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const cellOf = (index, name) =>
    measured.map((kit) => figure(name, kit[index]?.figures[name])).join(' → ');
  return [
    `\n### ${title}\n`,
    line(['', ...names.map(heading)]),
    line(['---', ...names.map(() => '---:')]),
    ...rows.map(({ what }, index) => line([what, ...names.map((name) => cellOf(index, name))])),
  ].join('\n');
}

/** The value below which `share` of them are. */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
