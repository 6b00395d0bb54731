import { toNodeHandler } from '@qbitflow/core';
import { readBytes } from './shared/read-bytes.mjs';

/** The routes on node:http alone. */
export function createListener(qbitflow, { parser, mount, routes }) {
  const listener = toNodeHandler(qbitflow, { basePath: mount, ...routes });
  if (parser === 'none') return listener;
  // What platforms do that read the body first: they leave the bytes, or only the value.
  return (request, response) => {
    void readBytes(request).then((bytes) => {
      if (parser === 'raw') request.rawBody = bytes;
      else request.body = JSON.parse(bytes.toString());
      listener(request, response);
    });
  };
}
