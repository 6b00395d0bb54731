// What strangers can cost a shop; `attacks/run.mjs` measures the same beside another checkout.
import { resolve } from 'node:path';
import { scenarios } from '../attacks/scenarios/index.mjs';

const KIT = resolve(import.meta.dirname, '../../..');

export const attacks = {
  name: 'attacks',
  title: 'What strangers can cost',
  runsOn: 'here',
  async measure({ only, quick, say }) {
    const wanted = scenarios.filter(({ name }) => only === undefined || only(name));
    const results = [];
    for (const scenario of quick ? wanted.slice(0, 1) : wanted) {
      say(scenario.name);
      const { name, title } = scenario;
      results.push({ name, title, rows: await scenario.measure({ kit: KIT }) });
    }
    return { results };
  },
};
