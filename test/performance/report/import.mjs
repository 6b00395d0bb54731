// Imports, first answers and bundles, as tables.
import { middle, nodeName, nodesOf, number, verdict } from './figures-as-text.mjs';
import { command, table } from './markdown.mjs';

function entries(byNode, nodes) {
  const rows = byNode[nodes[0]].entries.map(({ what, beyond, files, bytes }) => [
    what,
    beyond.join(', '),
    ...nodes.map((node) => middle(byNode[node].entries.find((one) => one.what === what)?.cpuMs)),
    String(files),
    number(bytes / 1000),
  ]);
  const heading = ['', 'beyond', ...nodes.map((node) => `${nodeName(node)}, ms`), 'files', 'kB'];
  return table([heading, ...rows]);
}

function starts(byNode, nodes) {
  const rows = byNode[nodes[0]].starts.map(({ name }) => [
    name,
    ...nodes.map((node) => middle(byNode[node].starts.find((one) => one.name === name)?.ms)),
  ]);
  return table([['', ...nodes.map((node) => `${nodeName(node)}, ms`)], ...rows]);
}

export function imports(byNode) {
  const nodes = nodesOf(byNode);
  const by = command(`npm run bench -- import --node ${nodes.join(',')}`);
  const goals = nodes.map((node) => {
    const { of, atMostMs, reached } = byNode[node].importGoal;
    const isReached = reached.median <= atMostMs;
    return `${nodeName(node)}: ${of}, ${middle(reached)} ms, goal ≤ ${atMostMs} ms: ${verdict(isReached)}`;
  });
  const bundles = byNode[nodes[0]].bundles.map(({ what, bytes, gzipBytes }) => [
    what,
    number(bytes / 1000),
    number(gzipBytes / 1000),
  ]);
  const markdown = [
    'Processor time of importing, beyond what the app has loaded anyway:',
    entries(byNode, nodes),
    by,
    `${goals.join('. ')}.`,
    'From the start of the process to its first 200:',
    starts(byNode, nodes),
    by,
    'Bundled and minified, zod included, frameworks and drivers not:',
    table([['', 'kB', 'kB with gzip'], ...bundles]),
    by,
  ];
  return { markdown, plots: {} };
}
