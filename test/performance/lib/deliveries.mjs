// Deliveries of about 1.3 kB, each of another payment, as complete HTTP/1.1 requests.
import { createHmac, randomUUID } from 'node:crypto';

export const SECRET = 'whsec_benchmark_0123456789abcdef0123';

/** A v2 event of about 1.3 kB, of a payment that no other event is about. */
export function paymentCompleted() {
  const at = new Date().toISOString();
  return {
    id: `evt_${randomUUID()}`,
    type: 'payment.completed',
    version: 'v2',
    createdAt: at,
    test: false,
    data: {
      uuid: `pay@${randomUUID()}`,
      createdAt: at,
      from: '0x7f3a1c9b2d4e5f60718293a4b5c6d7e8f9012345',
      to: '0x0123456789abcdef0123456789abcdef01234567',
      amount: 50.27,
      amountMinUnits: '50270000',
      currencyId: 4,
      currency: {
        id: 4,
        name: 'USD Coin',
        symbol: 'USDC',
        decimals: 6,
        address: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
        mainCurrency: null,
        test: false,
      },
      txHash: `0x${randomUUID().replaceAll('-', '').repeat(2)}`,
      chain: 'BASE',
      explorerUrl: 'https://explorer.test/tx/0x9f2c4b7a1d3e5f60718293a4b5c6d7e8',
      test: false,
      reference: `order-${randomUUID().slice(0, 8)}`,
      price: 49.9,
      fees: [{ type: 'processingFee', label: 'Processing fee', amountUsd: '0.37' }],
      name: 'Annual plan – équipe',
      description: 'Twelve months of the team plan',
      customerUuid: randomUUID(),
      metadata: {
        feePercent: 0.75,
        txMetadata: {
          networkFees: { amount: '20000000000000', unitsConsumed: 85231 },
          blockData: { number: '21904412', timestamp: 1790856000 },
        },
        txAmounts: {
          usd: { platform: 0.38, merchant: 49.89 },
          minUnits: {
            platform: '377025',
            organization: '0',
            referral: '0',
            merchant: '49892975',
          },
        },
      },
      confirmedAt: at,
      managementPageLink: 'https://pay.qbitflow.test/manage/payment',
    },
  };
}

/** The v2 signature header of `body` (bytes), stamped now. */
export function signQBitFlow(body, secret = SECRET) {
  const t = Math.floor(Date.now() / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex')}`;
}

/** A POST of `body` (bytes) as bytes, ready for a socket. */
export function request(body, headers) {
  const head = [
    'POST /webhook HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Connection: keep-alive',
    '\r\n',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}
