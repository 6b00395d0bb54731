import type { HttpRequest, QBitFlow } from '@qbitflow/core';

/** One way to see a transaction; whatever it waits for. */
export type Look = (kit: QBitFlow, uuid: string) => Promise<unknown>;

/** Every way to see a transaction without its webhook. */
export const looks = {
  'the success page': async (kit, uuid) =>
    kit.confirmReturn(get(`/success?uuid=${encode(uuid)}`), { page: 'success' }),
  'the cancel page': async (kit, uuid) =>
    kit.confirmReturn(get(`/cancel?session=${encode(uuid)}`), { page: 'cancel' }),
  'the status route': async (kit, uuid) => kit.answerStatus(get(`/status/${encode(uuid)}`)),
  'live events': async (kit, uuid) => {
    const headers = { accept: 'text/event-stream' };
    const { stream } = await kit.answerStatus({ ...get(`/status/${encode(uuid)}`), headers });
    for await (const _chunk of stream ?? []) {
      // Until it ends: what is paid is final.
    }
  },
  watchStatus: async (kit, uuid) => {
    for await (const _report of kit.watchStatus({ uuid })) {
      // Until it is final.
    }
  },
  recheck: async (kit, uuid) => kit.recheck({ uuid }),
  recover: async (kit) => kit.recover({ since: 0 }),
} as const satisfies Readonly<Record<string, Look>>;

const encode = encodeURIComponent;

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: {} };
}
