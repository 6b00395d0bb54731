import { afterAll } from 'vitest';
import { type ApiServer, startApi } from './api-server.js';
import { type Receiver, startReceiver } from './start-receiver.js';
import type { Target } from './targets.js';

/** What the behaviours of one target share: receivers by configuration, and the API all of them ask. */
export interface Subject {
  readonly target: Target;
  readonly api: () => Promise<ApiServer>;
  /** The receiver with these arguments, started on first use. */
  readonly receiver: (...args: string[]) => Promise<Receiver>;
  /** The same, asking version 1 of the API. */
  readonly receiverOfV1: (...args: string[]) => Promise<Receiver>;
}

/** Call it inside `describe`: everything started ends after the last test of it. */
export function subjectOf(target: Target): Subject {
  const started = new Map<string, Promise<Receiver>>();
  let api: Promise<ApiServer> | undefined;

  const theApi = (): Promise<ApiServer> => (api ??= startApi());

  async function start(generation: string, args: string[]): Promise<Receiver> {
    const { origin } = await theApi();
    return startReceiver({ framework: target, baseUrl: `${origin}/${generation}`, args });
  }

  function shared(generation: string, args: string[]): Promise<Receiver> {
    const name = [generation, ...args].join(' ');
    const running = started.get(name) ?? start(generation, args);
    started.set(name, running);
    return running;
  }

  afterAll(async () => {
    const receivers = await Promise.allSettled(started.values());
    const running = receivers.filter((result) => result.status === 'fulfilled');
    await Promise.all(running.map(({ value }) => value.stop()));
    await (await api)?.close();
  });

  return {
    target,
    api: theApi,
    receiver: async (...args) => shared('v2', args),
    receiverOfV1: async (...args) => shared('v1', args),
  };
}
