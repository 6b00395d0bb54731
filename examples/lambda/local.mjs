// What API Gateway does, on your machine: a request becomes an event of payload 2.0. Not part of what is deployed.
import { createServer } from 'node:http';
import { handler } from './index.mjs';

async function invoke(request, response) {
  const body = Buffer.concat(await request.toArray()).toString();
  const [rawPath, rawQueryString = ''] = request.url.split('?');
  const answer = await handler({
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: request.headers,
    requestContext: { domainName: request.headers.host, http: { method: request.method } },
    ...(body !== '' && { body }),
    isBase64Encoded: false,
  });
  response.writeHead(answer.statusCode, answer.headers).end(answer.body);
}

const server = createServer((request, response) => void invoke(request, response));
server.listen(Number(process.env.PORT ?? 3000));
