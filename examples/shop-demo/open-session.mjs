import { returnUrl } from '@qbitflow/core';

/** Opens a checkout session for an order, with the shop's own return pages. `url` is where the kit is mounted. */
export async function openSession({ baseUrl, apiKey, url, order }) {
  const response = await fetch(`${baseUrl}/transaction/session-checkout/new/payment`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': apiKey,
      // The order's own id: a double click opens one session.
      'idempotency-key': order.reference,
    },
    body: JSON.stringify({
      productName: order.product,
      description: `One packet of ${order.product}`,
      price: order.price,
      reference: order.reference,
      successUrl: returnUrl(`${url}/success`),
      cancelUrl: returnUrl(`${url}/cancel`),
    }),
  });
  if (!response.ok) throw new Error(`no session: ${response.status} ${await response.text()}`);
  return await response.json();
}
