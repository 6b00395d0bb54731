// The whole job the usual way on Express 4 or 5.
import { createServer } from 'node:http';
import { framework as express } from '../shared/framework.mjs';
import { listen } from '../shared/listen.mjs';
import { accept, handledCount } from '../shared/usual-job.mjs';
import { isGenuine } from '../shared/verify-by-hand.mjs';

const app = express();
app.post('/webhook', express.raw({ type: '*/*', limit: '1mb' }), (req, res) => {
  if (!isGenuine(req.headers['qbitflow-signature'], req.body)) {
    res.status(401).json({ error: 'invalid signature' });
    return;
  }
  res.json(accept(req.body));
});

listen(createServer(app), handledCount);
