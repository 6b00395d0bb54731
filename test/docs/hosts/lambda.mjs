// What a function URL does: a request becomes an event of payload 2.0, what comes back an answer. Bodies are text, or
// base64, as the type of the body and the settings of the API have it: here one after the other.
import { createServer } from 'node:http';
import { load, port } from './load.mjs';

const { handler } = await load('index.mjs');

let posts = 0;

async function invoke(request, response) {
  const bytes = Buffer.concat(await request.toArray());
  const [rawPath, rawQueryString = ''] = request.url.split('?');
  if (request.method === 'POST') posts += 1;
  const isBase64Encoded = posts % 2 === 0;
  const { statusCode, headers, body } = await handler({
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: request.headers,
    requestContext: { domainName: 'shop.lambda-url.test', http: { method: request.method } },
    ...(bytes.length > 0 && { body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  });
  response.writeHead(statusCode, headers).end(body);
}

createServer((request, response) => void invoke(request, response)).listen(port, '127.0.0.1');
