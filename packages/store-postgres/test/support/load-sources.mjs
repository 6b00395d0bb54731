import { createViteServer } from 'vitest/node';

/**
 * Loads the store from its TypeScript sources in a plain Node process, as the tests do; `load` gives other packages of
 * the workspace.
 */
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
  const load = (name) => server.ssrLoadModule(name);
  return { module, load, close: () => server.close() };
}
