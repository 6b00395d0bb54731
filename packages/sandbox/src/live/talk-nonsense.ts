import type { WebSocket } from 'ws';

/** Says everything that is no status of the transaction asked for. */
export function talkNonsense(client: WebSocket, uuid: string): void {
  const said: readonly unknown[] = [
    null,
    [],
    42,
    {},
    { transactionUUID: uuid },
    { transactionUUID: uuid, status: null },
    { transactionUUID: uuid, status: 'completed' },
    { transactionUUID: uuid, status: { status: 200 } },
    { transactionUUID: 'pay@somebody-else', status: { status: 'completed' } },
    { error: 'Teapot', status: '418', message: { nested: true } },
  ];
  client.send('<html>502 Bad Gateway</html>');
  client.send('{"transactionUUID":');
  client.send(Buffer.from([0xff, 0x00, 0xfe]));
  for (const value of said) client.send(JSON.stringify(value));
}
