const COLUMNS = [
  'scenario',
  'store',
  'events',
  'deliveries',
  '200',
  '503',
  'no answer',
  'kills',
  'duplicates suppressed',
  'handled again after a kill',
  'longest gap (ms)',
  'dead',
  'left',
  'notes',
];

/** Runs as a Markdown table, fit for a README. */
export function table(runs) {
  const rows = runs.map(rowOf).map((row) => COLUMNS.map((column) => String(row[column] ?? '')));
  const widths = COLUMNS.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index].length)),
  );
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(COLUMNS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

function rowOf({ scenario, kind, figures, broken }) {
  const { answers = {}, ...known } = figures;
  const noted = Object.entries(known).filter(([name]) => !COLUMNS.includes(name));
  const notes = noted.map(([name, value]) => `${name}: ${value}`);
  if (broken.length > 0) notes.unshift(`${broken.length} BROKEN PROMISES`);
  return {
    scenario,
    store: kind,
    ...known,
    200: answers[200],
    503: answers[503],
    'no answer': answers.none,
    notes: notes.join(', '),
  };
}
