import { createViteServer } from 'vitest/node';

/** Loads the store from its TypeScript sources in a plain Node process, as the tests do. It takes seconds. */
export async function loadSources(packageRoot) {
  const conditions = ['@qbitflow/source', 'module', 'node', 'import', 'default'];
  const server = await createViteServer({
    root: packageRoot,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    ssr: { resolve: { conditions }, noExternal: [/^@qbitflow\//] },
  });
  const module = await server.ssrLoadModule('/src/index.ts');
  return { module, close: () => server.close() };
}
