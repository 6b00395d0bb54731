// Kept and handled, store by store, as tables and a plot.
import { middle, nodeName, nodesOf, ratio, verdict } from './figures-as-text.mjs';
import { command, image, table } from './markdown.mjs';
import { barChart } from './svg.mjs';

const TONES = { ours: 0, 'one insert by hand': 1, queue: 4 };

function contendersTable({ contenders }) {
  const rows = contenders.map((one) => [
    one.role === 'queue' ? one.name : one.name.replace('insert', 'one insert by hand,'),
    middle(one.cpuUs),
    ratio(one.toMemory),
    middle(one.ackedPerSecond),
    middle(one.perSecond),
    ratio(one.throughputToMemory),
    one.waiting === null ? '–' : middle(one.waiting),
  ]);
  const heading = [
    '',
    'µs',
    'to our memory store',
    'acked a second',
    'handled a second',
    'to our memory store',
    'waiting after 3,000',
  ];
  return table([heading, ...rows]);
}

function goalsTable({ goals, backlogs }) {
  const rows = [
    ...goals.map(({ of, against, atLeast, reached, throughput }) => [
      `${of} / ${against}`,
      ratio(reached),
      ratio(throughput),
      `≥ ${atLeast.toFixed(2)}: ${verdict(reached.median >= atLeast)}`,
    ]),
    ...backlogs.map(({ of, atMost, reached }) => [
      `${of}, waiting after 3,000`,
      middle(reached),
      '',
      `< ${atMost}: ${verdict(reached.median < atMost)}`,
    ]),
  ];
  return table([['', 'processor time', 'throughput', 'goal'], ...rows]);
}

function plot(byNode, nodes) {
  const groups = nodes.map((node) => ({
    label: nodeName(node),
    bars: byNode[node].contenders.map((one) => ({
      label: one.name,
      tone: TONES[one.role],
      value: one.perSecond.median,
      low: one.perSecond.q1,
      high: one.perSecond.q3,
    })),
  }));
  const tones = [
    { label: 'ours, until handled', tone: 0 },
    { label: 'one insert by hand, handled by nobody', tone: 1 },
    { label: 'a job queue, until handled', tone: 4 },
  ];
  return barChart({
    title: 'Deliveries a second, kept and handled (more is better)',
    unit: 'a second',
    tones,
    groups,
  });
}

export function stores(byNode) {
  const nodes = nodesOf(byNode);
  const markdown = [
    image('stores.svg', 'Deliveries a second on each store, until handled'),
    ...nodes.flatMap((node) => [
      `${nodeName(node)}:`,
      contendersTable(byNode[node]),
      goalsTable(byNode[node]),
      command(`npm run bench -- stores --node ${node}`),
    ]),
  ];
  return { markdown, plots: { 'stores.svg': plot(byNode, nodes) } };
}
