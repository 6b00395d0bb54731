import { createShop, routesOf } from './shop.mjs';

const { API_KEY: apiKey, BASE_URL: baseUrl, SECRET: webhookSecret } = process.env;
const fetch = routesOf(createShop({ apiKey, baseUrl, webhookSecret }));
const server = Bun.serve({ hostname: '127.0.0.1', port: 0, idleTimeout: 60, fetch });
console.log(`listening http://127.0.0.1:${server.port}`);
