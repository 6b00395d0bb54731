import { createShop, routesOf } from './shop.mjs';

const [apiKey, baseUrl, webhookSecret] = ['API_KEY', 'BASE_URL', 'SECRET'].map((name) =>
  Deno.env.get(name),
);
Deno.serve(
  {
    hostname: '127.0.0.1',
    port: 0,
    onListen: ({ port }) => console.log(`listening http://127.0.0.1:${port}`),
  },
  routesOf(createShop({ apiKey, baseUrl, webhookSecret })),
);
