// What API Gateway does, on your machine: a request becomes an event of payload 2.0. Not part of what is deployed.
import { createServer } from 'node:http';
import { handler } from './index.mjs';

async function invoke(request, response) {
  const { url, method, headers } = request;
  const [rawPath, rawQueryString = ''] = url.split('?');
  const requestContext = { domainName: headers.host, http: { method } };
  const event = { version: '2.0', rawPath, rawQueryString, headers, requestContext };
  const body = Buffer.concat(await request.toArray()).toString();
  const answer = await handler({ ...event, body, isBase64Encoded: false });
  response.writeHead(answer.statusCode, answer.headers).end(answer.body);
}

const server = createServer((request, response) => void invoke(request, response));
server.listen(Number(process.env.PORT ?? 3000));
