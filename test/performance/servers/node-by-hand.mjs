// node:http, bytes, HMAC, JSON.parse, 200.
import { createServer } from 'node:http';
import { listen } from './shared/listen.mjs';
import { isGenuine } from './shared/verify-by-hand.mjs';

function answer(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    if (!isGenuine(request.headers['qbitflow-signature'], body)) {
      answer(response, 401, { error: 'invalid signature' });
      return;
    }
    JSON.parse(body.toString('utf8'));
    answer(response, 200, { received: true });
  });
});

listen(server);
