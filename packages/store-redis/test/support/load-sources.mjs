import { fileURLToPath } from 'node:url';
import { createViteServer } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The store's TypeScript sources in a plain Node process, resolved as the tests resolve them. */
export async function loadSources() {
  const server = await createViteServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    ssr: {
      resolve: { conditions: ['@qbitflow/source', 'module', 'node', 'import', 'default'] },
      noExternal: [/^@qbitflow\//],
    },
  });
  return server.ssrLoadModule('/src/index.ts');
}
