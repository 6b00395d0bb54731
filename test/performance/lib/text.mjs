// Figures as text for the terminal.

const ratio = (value) =>
  value === null || value === undefined
    ? ''
    : `${value.median.toFixed(2)} (${value.q1.toFixed(2)}–${value.q3.toFixed(2)})`;
const whole = (value) =>
  value === null || value === undefined ? '' : String(Math.round(value.median));

/** Rows of cells as lines of columns; the first column stands left, the others right. */
function columns(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column] + 2),
      )
      .join(''),
  );
}

const tables = {
  hosts: ({ contenders }) =>
    columns([
      ['', 'µs CPU', 'a second', 'CPU to by hand', 'throughput to by hand'],
      ...contenders.map((one) => [
        one.name,
        whole(one.cpuUs),
        whole(one.perSecond),
        ratio(one.toByHand),
        ratio(one.throughputToByHand),
      ]),
    ]),
  stores: ({ contenders }) =>
    columns([
      ['', 'µs CPU', 'acked/s', 'handled/s', 'waiting', 'CPU to memory', 'throughput to memory'],
      ...contenders.map((one) => [
        one.name,
        whole(one.cpuUs),
        whole(one.ackedPerSecond),
        whole(one.perSecond),
        whole(one.waiting),
        ratio(one.toMemory),
        ratio(one.throughputToMemory),
      ]),
    ]),
};

function goals({ goals: ratios = [], backlogs = [] }) {
  const lines = [
    ...ratios.map(({ of, against, atLeast, reached }) => {
      const short = reached.median >= atLeast ? '' : 'short of it';
      return [`${of} / ${against}`, ratio(reached), `goal ≥ ${atLeast.toFixed(2)}`, short];
    }),
    ...backlogs.map(({ of, atMost, reached }) => {
      const over = reached.median < atMost ? '' : 'over it';
      return [`${of}: waiting`, whole(reached), `goal < ${atMost}`, over];
    }),
  ];
  return lines.length === 0 ? [] : ['', ...columns(lines)];
}

/** What one scene came to on one Node. */
export const asText = (scene, node, figures) =>
  ['', `${scene.title}, ${node.name}`, ...tables[scene.name](figures), ...goals(figures)].join(
    '\n',
  );
