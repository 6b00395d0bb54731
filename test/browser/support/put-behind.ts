import { createServer, request as ask, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { onTestFinished } from 'vitest';

/** What stands between a shop and its customers' browsers, and what it does to pages. */
export interface Between {
  readonly html?: (html: string) => string;
  /** A second policy beside the shop's: browsers hold a page to both. */
  readonly policy?: string;
}

/** Puts a proxy in front of a shop, at the shop's own address. */
export async function putBehind(
  server: Server,
  { html = (text) => text, policy }: Between,
  finished: typeof onTestFinished,
): Promise<void> {
  const inner = createServer();
  for (const listener of server.listeners('request'))
    inner.on('request', listener as RequestListener);
  await new Promise<void>((resolve) => {
    inner.listen(0, '127.0.0.1', resolve);
  });
  finished(() => {
    inner.close();
    inner.closeAllConnections();
  });
  const { port } = inner.address() as AddressInfo;
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { method, url: path, headers } = request;
    const onwards = ask({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      if (answer.headers['content-type']?.startsWith('text/html') !== true) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      void answer.toArray().then((chunks) => {
        const body = Buffer.from(html(Buffer.concat(chunks).toString()));
        const policies = [answer.headers['content-security-policy'], policy];
        response.writeHead(answer.statusCode ?? 502, {
          ...answer.headers,
          'content-length': String(body.length),
          'content-security-policy': policies.filter((one) => one !== undefined).join(', '),
        });
        response.end(body);
      });
    });
    onwards.on('error', () => response.destroy());
    response.on('close', () => onwards.destroy());
    request.pipe(onwards);
  });
}
