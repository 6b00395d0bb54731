import { writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { Environment } from '../docs/app-process.js';

/** The guide's Worker, whose Cron Trigger also fires when a request asks for it. */
const ENTRY = `import worker from './worker.mjs';

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== '/cron') return worker.fetch(request, env, context);
    await worker.scheduled({}, env, context);
    return new Response('worked off');
  },
};
`;

/** Makes one file of the Worker in a folder, as Workers' own tools do, and what workerd has to know of it. */
export async function prepareWorker(folder: string, environment: Environment): Promise<void> {
  await writeFile(join(folder, 'entry.mjs'), ENTRY);
  const build = await rolldown({
    input: join(folder, 'entry.mjs'),
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'], conditionNames: ['workerd', 'worker'] },
    external: (id) => /^(node|cloudflare):/.test(id) || builtinModules.includes(id),
  });
  const file = join(folder, 'bundled.mjs');
  await build.write({ file, format: 'esm', codeSplitting: false, banner: REQUIRE });
  await build.close();
  await writeFile(join(folder, 'config.capnp'), configOf(environment));
}

/** CommonJS libraries `require` modules of Node, which a Worker has no function for. */
const REQUIRE = `import processOfNode from 'node:process';
const require = (id) => processOfNode.getBuiltinModule(id);`;

function configOf(environment: Environment): string {
  const text = (value: string): string => JSON.stringify(value);
  const bindings = Object.entries(environment).map(
    ([name, value]) => `(name = ${text(name)}, text = ${text(value)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "shop", worker = .shop),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", http = (), service = "shop")],
);
const shop :Workerd.Worker = (
  modules = [(name = "bundled.mjs", esModule = embed "bundled.mjs")],
  bindings = [${bindings.join(', ')}],
  compatibilityDate = "2026-08-04",
);
`;
}
