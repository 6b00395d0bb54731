import type { Tab } from './tab.js';

/** Buys in the shop and arrives on the hosted checkout page. Returns the session's id. */
export async function buy({ page }: Tab, shopUrl: string): Promise<string> {
  await page.goto(shopUrl);
  await page.getByRole('button', { name: 'Buy' }).click();
  await page.getByText('4.50 USD').waitFor();
  return decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
}

const BUTTONS = {
  pay: 'Pay',
  fail: 'Let the payment fail',
  abandon: 'Cancel and go back',
  expire: 'Let the session expire',
} as const;

/** Presses one of the buttons of the checkout page. */
export async function press({ page }: Tab, action: keyof typeof BUTTONS): Promise<void> {
  await page.getByRole('button', { name: BUTTONS[action], exact: true }).click();
}

/** Opens the page a customer comes back to. */
export async function comeBack(
  { page }: Tab,
  shopUrl: string,
  uuid: string,
  to: 'success' | 'cancel' = 'success',
): Promise<void> {
  await page.goto(`${shopUrl}/qbitflow/${to}?uuid=${encodeURIComponent(uuid)}&type=payment`);
}
