// The page of figures: what stands between a scene's markers is replaced, all other words stay as they are.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeName, nodesOf } from './figures-as-text.mjs';
import { growth } from './growth.mjs';
import { hosts } from './hosts.mjs';
import { imports } from './import.mjs';
import { latency } from './latency.mjs';
import { attacks, recovery, streams } from './rest.mjs';
import { stores } from './stores.mjs';

const SECTIONS = { hosts, stores, latency, growth, import: imports, streams, recovery, attacks };

/** Where and when a scene's figures were measured. */
function measuredOn(byNode) {
  const each = nodesOf(byNode).map((node) => ({ node, ...byNode[node].on }));
  const [{ machine, databases, quick }] = each;
  const days = [...new Set(each.map(({ at }) => at))].join(', ');
  const nodes = each.map(({ node, version }) => `${nodeName(node)} (${version})`).join(', ');
  const { postgres, redis } = databases;
  return [
    `Measured ${days} on ${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}; ${nodes};`,
    `PostgreSQL ${postgres.server_version} (synchronous_commit ${postgres.synchronous_commit}, fsync ${postgres.fsync}),`,
    `Redis ${redis.version} (appendonly ${redis.appendonly}).`,
    ...(quick ? ['**A quick run: few rounds, no figures to hold anyone to.**'] : []),
  ].join(' ');
}

function replaceBetween(page, name, content) {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`the page lacks ${open} … ${close}`);
  return `${page.slice(0, start + open.length)}\n\n${content}\n\n${page.slice(end)}`;
}

/** Writes the figures of every scene that was measured into the page, and its plots beside it. */
export function writePage({ docs, figures }) {
  const file = join(docs, 'performance.md');
  const plotsFolder = join(docs, 'performance');
  mkdirSync(plotsFolder, { recursive: true });
  let page = readFileSync(file, 'utf8');
  for (const [name, byNode] of Object.entries(figures.scenes)) {
    const { markdown, plots } = SECTIONS[name](byNode);
    page = replaceBetween(page, name, [measuredOn(byNode), ...markdown].join('\n\n'));
    for (const [plot, svg] of Object.entries(plots)) writeFileSync(join(plotsFolder, plot), svg);
  }
  writeFileSync(file, page);
}
