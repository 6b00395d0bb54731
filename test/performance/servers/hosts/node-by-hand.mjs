// node:http, bytes, HMAC, JSON.parse, 200.
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { nodeRoute } from '../shared/node-route.mjs';

function parse(body) {
  JSON.parse(body.toString('utf8'));
  return { received: true };
}

listen(createServer(nodeRoute(parse)));
