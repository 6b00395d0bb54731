// Figures as text for the terminal.
import { markdown } from '../attacks/lib/report.mjs';

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
  latency: ({ wholeWay, processes }) => [
    ...columns([
      ['', 'load', 'a second', 'ack p50 ms', 'p99', 'handled p50 ms', 'p99'],
      ...wholeWay.flatMap(({ store, loads }) =>
        loads.map(({ share, perSecond, ack, whole: way }) => [
          store,
          `${share * 100} %`,
          perSecond.toFixed(0),
          ...[ack.p50, ack.p99, way.p50, way.p99].map((ms) => ms.toFixed(2)),
        ]),
      ),
    ]),
    '',
    ...columns([
      ['', 'processes', 'handled/s'],
      ...processes.map((one) => [one.store, String(one.processes), whole(one.perSecond)]),
    ]),
  ],
  growth: ({ stores }) =>
    stores.flatMap(({ store, levels, pruned, bytesAnId, drainedPerSecond }) => [
      '',
      ...columns([
        [store, ...levels.map(({ done, due }) => (due > 0 ? `${done} + ${due} due` : `${done}`))],
        ['ack p50, ms', ...levels.map(({ ack }) => ack.p50.toFixed(2))],
        ['ack p99, ms', ...levels.map(({ ack }) => ack.p99.toFixed(2))],
        ...Object.keys(levels[0].times).map((name) => [
          `${name}, ms`,
          ...levels.map(({ times }) => times[name].ms.toFixed(2)),
        ]),
        [
          'longest stop of the event loop, ms',
          ...levels.map(({ times }) =>
            Math.max(...Object.values(times).map((one) => one.longestStopMs)).toFixed(1),
          ),
        ],
        ['MB', ...levels.map(({ bytes }) => (bytes / 1e6).toFixed(1))],
        ['filled in s', ...levels.map(({ filledMs }) => (filledMs / 1000).toFixed(1))],
      ]),
      `pruned: ${pruned.dropped}, ${pruned.msPer1000.toFixed(1)} ms a thousand; ` +
        `${bytesAnId.toFixed(0)} bytes an id left; worked off: ${drainedPerSecond.toFixed(0)} a second`,
    ]),
  import: ({ entries, starts, bundles }) => [
    ...columns([
      ['', 'ms CPU', 'ms', 'files', 'kB', 'beyond'],
      ...entries.map((one) => [
        one.what,
        one.cpuMs.median.toFixed(1),
        one.ms.median.toFixed(1),
        String(one.files),
        (one.bytes / 1000).toFixed(0),
        one.beyond.join(', '),
      ]),
    ]),
    '',
    ...columns([
      ['', 'ms to the first 200'],
      ...starts.map(({ name, ms }) => [name, ms.median.toFixed(0)]),
    ]),
    '',
    ...columns([
      ['bundle', 'kB', 'kB gzip'],
      ...bundles.map(({ what, bytes, gzipBytes }) => [
        what,
        (bytes / 1000).toFixed(1),
        (gzipBytes / 1000).toFixed(1),
      ]),
    ]),
  ],
  streams: ({ crowds }) =>
    columns([
      [
        'viewers',
        'payments',
        'held',
        'KiB a stream',
        'longest stop, ms',
        'calls of the API a second',
      ],
      ...crowds.map((one) => [
        String(one.viewers),
        String(one.payments),
        String(one.held),
        one.kibAStream.toFixed(1),
        one.longestStopMs.toFixed(0),
        one.callsPerSecond.toFixed(0),
      ]),
    ]),
  recovery: ({ stores }) =>
    columns([
      ['', 'events', 'new a second', 'µs CPU', 'known a second', 'µs CPU', 'peak MiB'],
      ...stores.map(({ store, events, fresh, known, peakMiB }) => [
        store,
        String(events),
        fresh.perSecond.toFixed(0),
        fresh.cpuUs.toFixed(0),
        known.perSecond.toFixed(0),
        known.cpuUs.toFixed(0),
        peakMiB.toFixed(0),
      ]),
    ]),
  attacks: ({ results }) => results.map(({ title, rows }) => markdown({ title, measured: [rows] })),
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
