import { afterAll } from 'vitest';
import { type Receiver, startReceiver } from '../../matrix/support/start-receiver.js';

/** The targets that are attacked: one of each family. */
export const shops = ['express5', 'koa3'] as const;

/** A receiver to attack, started on first use; call it inside `describe`. */
export function victim(framework: string): () => Promise<Receiver> {
  let receiver: Promise<Receiver> | undefined;
  afterAll(async () => (await receiver)?.stop());
  return async () => (receiver ??= startReceiver({ framework }));
}
