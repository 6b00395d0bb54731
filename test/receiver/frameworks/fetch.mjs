import { Readable } from 'node:stream';
import { toFetchHandler } from '@qbitflow/core';

/** The routes as a handler of the fetch API, served by a small bridge on node:http. */
export function createListener(qbitflow, { parser, mount, routes }) {
  const handle = toFetchHandler(qbitflow, { basePath: mount, ...routes });
  return (request, response) => {
    answer(request, response, async (asked) => handle(await parsed(asked, parser))).catch(() => {
      response.destroy();
    });
  };
}

async function answer(incoming, outgoing, handle) {
  const result = await handle(toRequest(incoming));
  outgoing.writeHead(result.status, Object.fromEntries(result.headers));
  outgoing.end(Buffer.from(await result.arrayBuffer()));
}

function toRequest(incoming) {
  const { method, url, rawHeaders } = incoming;
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index], rawHeaders[index + 1]);
  const bodiless = method === 'GET' || method === 'HEAD';
  const body = bodiless ? {} : { body: Readable.toWeb(incoming), duplex: 'half' };
  // The host is the app's own: what a stranger writes into the Host header decides nothing.
  const { pathname, search } = new URL(url.startsWith('/') ? `http://a${url}` : url);
  return new Request(`http://receiver.invalid${pathname}${search}`, { method, headers, ...body });
}

/** What a platform does that reads the body first. */
async function parsed(request, parser) {
  if (parser === 'none' || request.body === null) return request;
  const bytes = await request.arrayBuffer();
  if (parser !== 'raw') return request;
  const { method, headers, url } = request;
  return new Request(url, { method, headers, body: bytes });
}
