// Growth, as tables and plots.
import { nodeName, nodesOf, number, verdict } from './figures-as-text.mjs';
import { command, image, table } from './markdown.mjs';
import { barChart, lineChart } from './svg.mjs';

const MOST_ACK_RATIO = 1.5;
const MOST_MS = 10;
const MOST_BYTES = { memory: 115 };
const MOST_BYTES_DURABLE = 200;

const count = (value) => value.toLocaleString('en');
const placeOf = ({ done, due }) => (due > 0 ? `${count(done)} and ${count(due)} due` : count(done));

function storeTable({ store, levels }) {
  const calls = Object.keys(levels[0].times).map((name) => [
    `${name}, ms`,
    ...levels.map(({ times }) => number(times[name].ms)),
  ]);
  const longest = levels.map(({ times }) =>
    Math.max(...Object.values(times).map((one) => one.longestStopMs)),
  );
  return table([
    [store, ...levels.map(placeOf)],
    ['ack p50, ms', ...levels.map(({ ack }) => number(ack.p50))],
    ['ack p99, ms', ...levels.map(({ ack }) => number(ack.p99))],
    ...calls,
    ['longest stop of the event loop, ms', ...longest.map(number)],
    ['room, MB', ...levels.map(({ bytes }) => number(bytes / 1e6))],
  ]);
}

function afterPruning(stores) {
  const heading = [
    '',
    'worked off a second',
    'pruned a second',
    'ms for 1,000',
    'bytes an id left',
  ];
  const rows = stores.map(({ store, drainedPerSecond, pruned, bytesAnId }) => [
    store,
    number(drainedPerSecond),
    number(pruned.perSecond),
    number(pruned.msPer1000),
    number(bytesAnId),
  ]);
  return table([heading, ...rows]);
}

function goals(stores) {
  const rows = stores.map(({ store, bytesAnId, goals: own }) => {
    const most = MOST_BYTES[store] ?? MOST_BYTES_DURABLE;
    return [
      store,
      `${number(own.ackRatio)} ≤ ${MOST_ACK_RATIO}: ${verdict(own.ackRatio <= MOST_ACK_RATIO)}`,
      `${number(own.statsMs)} ≤ ${MOST_MS}: ${verdict(own.statsMs <= MOST_MS)}`,
      `${number(own.slowestPage.ms)} ≤ ${MOST_MS}: ${verdict(own.slowestPage.ms <= MOST_MS)}`,
      `${number(bytesAnId)} ≤ ${most}: ${verdict(bytesAnId <= most)}`,
    ];
  });
  const heading = ['', 'ack p99, most / least', 'stats(), ms', 'slowest list, ms', 'bytes an id'];
  return table([heading, ...rows]);
}

const TONES = { memory: 1, postgres: 0, redis: 2, sqlite: 3 };

function ackPlot(stores, node) {
  return lineChart({
    title: `Acknowledgment with ever more kept, p99, ${nodeName(node)}`,
    unit: 'ms, by deliveries done',
    places: stores[0].levels.map(placeOf),
    lines: stores.map(({ store, levels }) => ({
      label: store,
      tone: TONES[store],
      values: levels.map(({ ack }) => ack.p99),
    })),
  });
}

function bytesPlot(stores) {
  return barChart({
    title: 'Bytes an id after its body was dropped (less is better)',
    unit: 'bytes',
    tones: [{ label: 'ours', tone: 0 }],
    groups: [
      {
        label: 'store',
        bars: stores.map(({ store, bytesAnId }) => ({ label: store, tone: 0, value: bytesAnId })),
      },
    ],
  });
}

export function growth(byNode) {
  const [node] = nodesOf(byNode);
  const { stores } = byNode[node];
  const by = command(`npm run bench -- growth --node ${node}`);
  const markdown = [
    image('growth-ack.svg', 'p99 of the acknowledgment with ever more deliveries kept'),
    ...stores.flatMap((store) => [storeTable(store), by]),
    'After all that was due had been worked off and the bodies dropped (PostgreSQL and SQLite after a `VACUUM`):',
    image('growth-bytes.svg', 'Bytes an id after its body was dropped'),
    afterPruning(stores),
    by,
    'Held against the goals, with the most done and nothing due:',
    goals(stores),
    by,
  ];
  const plots = { 'growth-ack.svg': ackPlot(stores, node), 'growth-bytes.svg': bytesPlot(stores) };
  return { markdown, plots };
}
