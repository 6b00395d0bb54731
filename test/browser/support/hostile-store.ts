import { memoryStore, type DurableStore, type StoredDelivery } from '@qbitflow/core';
import type { FakeClock } from '@qbitflow/core/testing';

/** What tries to be more than text: in elements, in attributes, in script and style, in JSON, in links. */
export const PAYLOADS: readonly string[] = [
  '"><img src=x onerror=owned()>',
  "'><svg onload=owned()>",
  '</script><script>owned()</script>',
  '</style><script>owned()</script>',
  '</title><script>owned()</script>',
  '</textarea></pre></noscript><iframe srcdoc="<script>parent.owned()</script>"></iframe>',
  'javascript:owned()',
  '--><script>owned()</script><!--',
  '" autofocus onfocus=owned() x="',
  '${owned()}{{owned()}}',
  '\u202e<script>owned()</script>',
  '&lt;img src=x onerror=owned()&gt;',
];

/** A store whose every text is an attack, as one of somebody else's could be. */
export function hostileStore(clock: FakeClock): DurableStore {
  const all = PAYLOADS.join('\n');
  const [payload = ''] = PAYLOADS;
  const attempt = {
    number: 1,
    startedAt: clock.now(),
    durationMs: 1,
    outcome: 'dead',
    holder: payload,
    handlers: [{ handler: all, durationMs: 1, error: all, stack: all }],
  } as const;
  const deliveries = PAYLOADS.map((text, index): StoredDelivery => {
    const body = {
      id: all,
      type: all,
      [all]: all,
      data: { [all]: [all], name: all, status: all, reference: all },
    };
    return {
      key: text,
      subject: text,
      id: text,
      type: text,
      version: 'v2',
      source: 'webhook',
      raw: Buffer.from(index === 1 ? all : JSON.stringify(body)),
      headers: { [text]: text, 'qbitflow-event-id': text },
      receivedAt: clock.now(),
      state: index % 2 === 0 ? 'dead' : 'running',
      started: 1,
      finished: 1,
      succeeded: [text],
      lastError: all,
      reference: text,
      duplicates: 2,
      holder: text,
      leaseUntil: clock.now(),
      attempts: [attempt],
      webhook: {
        id: text,
        version: 'v2',
        raw: Buffer.from(all),
        headers: { [text]: text },
        receivedAt: clock.now(),
      },
      recordedAt: clock.now(),
      at: clock.now(),
    };
  });
  const action = {
    id: 'AAAAAAAAAAAAAAAA',
    kind: 'replay',
    by: all,
    target: { fields: { error: all, type: all }, filter: {} },
    runsAt: clock.now(),
    state: 'failed',
    problem: all,
    undoneBy: all,
  };
  return {
    ...memoryStore({ clock }),
    name: payload,
    list: async (filter) => ({
      items: deliveries.filter(({ state }) => filter.state === undefined || state === filter.state),
      nextCursor: payload,
    }),
    get: async () => deliveries[0],
    notes: async (prefix) =>
      prefix.startsWith('desk/action/')
        ? [{ name: prefix, text: JSON.stringify(action), at: clock.now() }]
        : [],
  };
}
