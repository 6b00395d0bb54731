// A handler of the fetch API: arrayBuffer, HMAC, JSON.parse, 200.
import { listen } from '../shared/listen.mjs';
import { fetchServer } from '../shared/serve-fetch.mjs';
import { isGenuine } from '../shared/verify-by-hand.mjs';

async function handle(request) {
  const body = Buffer.from(await request.arrayBuffer());
  if (!isGenuine(request.headers.get('qbitflow-signature'), body))
    return Response.json({ error: 'invalid signature' }, { status: 401 });
  JSON.parse(body.toString('utf8'));
  return Response.json({ received: true });
}

listen(fetchServer(handle));
