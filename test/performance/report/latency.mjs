// The whole way and several processes, as tables and a plot.
import { middle, nodeName, nodesOf, number } from './figures-as-text.mjs';
import { command, image, table } from './markdown.mjs';
import { lineChart } from './svg.mjs';

const percent = (share) => `${Math.round(share * 100)} %`;

function wholeWayTable({ wholeWay }) {
  const heading = [
    'store',
    'load',
    'a second',
    'ack p50, ms',
    'ack p99, ms',
    'handled p50, ms',
    'handled p99, ms',
  ];
  const rows = wholeWay.flatMap(({ store, loads }) =>
    loads.map(({ share, perSecond, ack, whole }) => [
      store,
      percent(share),
      number(perSecond),
      ...[ack.p50, ack.p99, whole.p50, whole.p99].map(number),
    ]),
  );
  return table([heading, ...rows]);
}

function processesTable({ processes }) {
  const rows = processes.map((one) => [
    one.store,
    String(one.processes),
    middle(one.perSecond),
    (one.perSecond.median / alone(processes, one.store)).toFixed(2),
  ]);
  return table([['store', 'processes', 'handled a second', 'to one process'], ...rows]);
}

const alone = (processes, store) =>
  processes.find((one) => one.store === store && one.processes === 1).perSecond.median;

function plot({ wholeWay }, node) {
  const lines = wholeWay.flatMap(({ store, loads }, index) => {
    const tone = [1, 0, 2, 3][index];
    return [
      { label: `${store}, p50`, tone, values: loads.map(({ whole }) => whole.p50) },
      { label: `${store}, p99`, tone, dashed: true, values: loads.map(({ whole }) => whole.p99) },
    ];
  });
  return lineChart({
    title: `From the POST to the handler’s success, ${nodeName(node)}`,
    unit: 'ms, by share of the highest load',
    places: wholeWay[0].loads.map(({ share }) => percent(share)),
    lines,
  });
}

export function latency(byNode) {
  const nodes = nodesOf(byNode);
  const plots = Object.fromEntries(
    nodes.map((node) => [`latency-${node}.svg`, plot(byNode[node], node)]),
  );
  const markdown = nodes.flatMap((node) => [
    image(`latency-${node}.svg`, 'Percentiles of the whole way at three loads'),
    `${nodeName(node)}:`,
    wholeWayTable(byNode[node]),
    command(`npm run bench -- latency --node ${node}`),
    'Several processes on one database, the load spread over them:',
    processesTable(byNode[node]),
    command(`npm run bench -- latency --node ${node}`),
  ]);
  return { markdown, plots };
}
