// Status streams, recovery and attacks, as tables.
import { markdown as attackTable } from '../attacks/lib/report.mjs';
import { nodeName, nodesOf, number } from './figures-as-text.mjs';
import { command, table } from './markdown.mjs';

/** What one scene that runs on one Node shows of it. */
const onOneNode = (scene, show) => (byNode) => {
  const nodes = nodesOf(byNode);
  const markdown = nodes.flatMap((node) => [
    `${nodeName(node)}:`,
    ...show(byNode[node]),
    command(`npm run bench -- ${scene}`),
  ]);
  return { markdown, plots: {} };
};

export const streams = onOneNode('streams', ({ crowds }) => {
  const heading = [
    'viewers',
    'payments',
    'streams held',
    'KiB a stream',
    'longest stop, ms',
    'calls of the API a second',
  ];
  const rows = crowds.map((one) => [
    one.viewers.toLocaleString('en'),
    one.payments.toLocaleString('en'),
    one.held.toLocaleString('en'),
    number(one.kibAStream),
    number(one.longestStopMs),
    number(one.callsPerSecond),
  ]);
  return [table([heading, ...rows])];
});

export const recovery = onOneNode('recovery', ({ stores }) => {
  const heading = [
    'store',
    'events',
    'new, a second',
    'µs of processor each',
    'known, a second',
    'µs of processor each',
    'peak MiB',
  ];
  const rows = stores.map(({ store, events, fresh, known, peakMiB }) => [
    store,
    events.toLocaleString('en'),
    number(fresh.perSecond),
    number(fresh.cpuUs),
    number(known.perSecond),
    number(known.cpuUs),
    number(peakMiB),
  ]);
  return [table([heading, ...rows])];
});

/** The tables that the attacks print, in the page's layout. */
function inLayout(text) {
  const lines = text.trim().split('\n');
  const rows = lines
    .filter((one) => one.startsWith('|') && !one.startsWith('| -'))
    .map((one) =>
      one
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return [lines[0].replace('### ', '### '), table(rows)];
}

export const attacks = onOneNode('attacks', ({ results }) =>
  results.flatMap(({ title, rows }) => inLayout(attackTable({ title, measured: [rows] }))),
);
