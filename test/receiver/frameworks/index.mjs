/** How each framework is loaded: only the chosen one is. */
export const frameworks = {
  express5: async () => (await import('./express5.mjs')).createListener,
  express4: async () => (await import('./express4.mjs')).createListener,
  koa3: async () => (await import('./koa3.mjs')).createListener,
  koa2: async () => (await import('./koa2.mjs')).createListener,
  node: async () => (await import('./node.mjs')).createListener,
  fetch: async () => (await import('./fetch.mjs')).createListener,
};
