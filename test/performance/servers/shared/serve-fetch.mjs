// A handler of the fetch API behind node:http, over the same small bridge for whoever wrote the handler.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';

function toRequest(incoming) {
  const { method, url, rawHeaders } = incoming;
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index], rawHeaders[index + 1]);
  const body = Readable.toWeb(incoming);
  return new Request(`http://shop.invalid${url}`, { method, headers, body, duplex: 'half' });
}

async function answer(incoming, outgoing, handle) {
  const response = await handle(toRequest(incoming));
  const body = Buffer.from(await response.arrayBuffer());
  const headers = { ...Object.fromEntries(response.headers), 'content-length': body.length };
  outgoing.writeHead(response.status, headers);
  outgoing.end(body);
}

/** A server that answers with `handle(Request) → Response`. */
export const fetchServer = (handle) =>
  createServer((incoming, outgoing) => {
    answer(incoming, outgoing, handle).catch((error) => {
      console.error(error);
      outgoing.destroy();
    });
  });
