// The route that people write by hand on node:http.
import { isGenuine } from './verify-by-hand.mjs';

function answer(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Reads the bytes, checks the signature, and answers what `accept` gives for a genuine body; 500 when it rejects. */
export const nodeRoute = (accept) => (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    if (!isGenuine(request.headers['qbitflow-signature'], body)) {
      answer(response, 401, { error: 'invalid signature' });
      return;
    }
    const accepted = accept(body);
    if (!(accepted instanceof Promise)) answer(response, 200, accepted);
    else
      accepted.then(
        (value) => answer(response, 200, value),
        (error) => {
          console.error(error);
          answer(response, 500, { error: 'not kept' });
        },
      );
  });
};
