import { expect } from 'vitest';

/** A page as a customer sees it. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** Opens a page, or presses a button on it, and follows where that leads, as a browser does. */
export async function visit(url: string, method: 'GET' | 'POST' = 'GET'): Promise<Page> {
  const response = await fetch(url, { method, redirect: 'manual' });
  const location = response.headers.get('location');
  if (response.status === 303 && location !== null) return visit(new URL(location, url).href);
  return { url, status: response.status, text: await response.text() };
}

/** Buys in the shop and arrives on the hosted checkout page. */
export async function buy(shopUrl: string): Promise<Page> {
  const front = await visit(shopUrl);
  expect(front.text).toContain('<form method="post" action="/buy">');
  const checkout = await visit(`${shopUrl}/buy`, 'POST');
  expect(checkout.text).toContain('4.50 USD');
  expect(checkout.status).toBe(200);
  return checkout;
}

/** Presses one of the buttons of the checkout page. */
export async function press(
  checkout: Page,
  action: 'pay' | 'fail' | 'abandon' | 'expire',
): Promise<Page> {
  return visit(`${checkout.url}/${action}`, 'POST');
}

/** Looks at a page again and again, as it does by itself, until it says this. */
export async function untilItSays(page: Page, words: string): Promise<void> {
  await expect.poll(async () => (await visit(page.url)).text, { timeout: 10_000 }).toContain(words);
}
