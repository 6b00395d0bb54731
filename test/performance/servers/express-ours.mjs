// The kit mounted as a route of an Express 5 app.
import { webhookHandler } from '@qbitflow/express';
import express from 'express';
import { createServer } from 'node:http';
import { listen } from './shared/listen.mjs';
import { handledCount, qbitflow } from './shared/ours.mjs';

const app = express();
app.post('/webhook', webhookHandler(qbitflow));

listen(createServer(app), handledCount);
