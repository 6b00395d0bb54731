// The acknowledgment, host by host, as tables and a plot.
import { middle, nodeName, nodesOf, ratio, verdict } from './figures-as-text.mjs';
import { command, image, table } from './markdown.mjs';
import { barChart } from './svg.mjs';

const TONES = { ours: 0, 'in front': 3, 'by hand': 1, usual: 2, peer: 4 };
const ROLES = {
  'by hand': 'by hand',
  usual: 'the usual whole job',
  ours: 'ours',
  'in front': 'ours in front',
};
const nameOf = ({ name, role }) => ROLES[role] ?? name.slice(name.indexOf(' ') + 1);

function comparison(byNode, { cost, against, costName }) {
  const nodes = nodesOf(byNode);
  const named = new Map();
  for (const node of nodes) for (const one of byNode[node].contenders) named.set(one.name, one);
  const heading = nodes.flatMap((node) => [`${nodeName(node)}: ${costName}`, 'to by hand']);
  const rows = [...named.values()].map((contender) => {
    const cells = nodes.flatMap((node) => {
      const own = byNode[node].contenders.find(({ name }) => name === contender.name);
      return [middle(own?.[cost]), ratio(own?.[against])];
    });
    return [`${contender.host}: ${nameOf(contender)}`, ...cells];
  });
  return table([['', ...heading], ...rows]);
}

function goals(byNode) {
  const nodes = nodesOf(byNode);
  const all = byNode[nodes[0]].goals;
  const rows = all.map(({ of, against }) => {
    const cells = nodes.flatMap((node) => {
      const goal = byNode[node].goals.find((one) => one.of === of && one.against === against);
      if (goal === undefined) return ['', ''];
      const { reached, atLeast } = goal;
      return [ratio(reached), `≥ ${atLeast.toFixed(2)}: ${verdict(reached.median >= atLeast)}`];
    });
    return [`${of} / ${against}`, ...cells];
  });
  const heading = nodes.flatMap((node) => [nodeName(node), 'goal']);
  return table([['', ...heading], ...rows]);
}

function plot({ contenders }, node) {
  const groups = [...new Set(contenders.map(({ host }) => host))].map((host) => ({
    label: host,
    bars: contenders
      .filter((one) => one.host === host)
      .map((one) => ({
        label: nameOf(one),
        tone: TONES[one.role],
        value: one.cpuUs.median,
        low: one.cpuUs.q1,
        high: one.cpuUs.q3,
      })),
  }));
  const tones = [
    { label: 'ours', tone: 0 },
    { label: 'ours in front', tone: 3 },
    { label: 'by hand', tone: 1 },
    { label: 'the usual whole job', tone: 2 },
    { label: 'another library', tone: 4 },
  ];
  const title = `Processor time of one delivery, ${nodeName(node)} (less is better)`;
  return barChart({ title, unit: 'µs', tones, groups });
}

export function hosts(byNode) {
  const nodes = nodesOf(byNode);
  const plots = Object.fromEntries(
    nodes.map((node) => [`hosts-${node}.svg`, plot(byNode[node], node)]),
  );
  const by = `npm run bench -- hosts --node ${nodes.join(',')}`;
  const markdown = [
    ...nodes.map((node) =>
      image(`hosts-${node}.svg`, `Processor time of a delivery on each host, ${nodeName(node)}`),
    ),
    'Processor time, as a ratio to the route by hand of the same host (2.00: ours takes half of its time):',
    comparison(byNode, { cost: 'cpuUs', against: 'toByHand', costName: 'µs' }),
    command(by),
    'Throughput with one server on one core and the client on the other:',
    comparison(byNode, {
      cost: 'perSecond',
      against: 'throughputToByHand',
      costName: 'a second',
    }),
    command(by),
    'Held against the goals, in processor time:',
    goals(byNode),
    command(by),
  ];
  return { markdown, plots };
}
