import express from 'express';
import { qbitflowRouter } from '@qbitflow/express';
import { createShop, shipped } from './shop.mjs';

const { API_KEY: apiKey, BASE_URL: baseUrl, SECRET: webhookSecret } = process.env;
const app = express();
app.get('/shipped', (_request, response) => response.json(shipped));
app.use('/qbitflow', qbitflowRouter(createShop({ apiKey, baseUrl, webhookSecret })));
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${server.address().port}`);
});
