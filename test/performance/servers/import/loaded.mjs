// Hooks of the module loader that tell each module that is loaded.
let port;

export function initialize(data) {
  ({ port } = data);
}

export async function load(url, context, nextLoad) {
  port.postMessage(url);
  return nextLoad(url, context);
}
