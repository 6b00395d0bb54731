import type { HttpRequest, QBitFlow } from '@qbitflow/core';

/** One way to see a transaction; whatever it waits for. */
export type Look = (kit: QBitFlow, uuid: string) => Promise<unknown>;

/** Every way to see a transaction without its webhook. */
export const looks = {
  'the success page': async (kit, uuid) =>
    kit.handleReturn(get(`/success?uuid=${encode(uuid)}`), { page: 'success' }),
  'the cancel page': async (kit, uuid) =>
    kit.handleReturn(get(`/cancel?session=${encode(uuid)}`), { page: 'cancel' }),
  'the status route': async (kit, uuid) => kit.handleStatus(get(`/status/${encode(uuid)}`)),
  'live events': async (kit, uuid) => {
    const noted: unknown[] = [];
    const headers = { accept: 'text/event-stream' };
    const { stream } = await kit.handleStatus({ ...get(`/status/${encode(uuid)}`), headers });
    // What is paid is final: it ends.
    for await (const chunk of stream ?? []) noted.push(chunk);
    return noted;
  },
  watchStatus: async (kit, uuid) => {
    const noted: unknown[] = [];
    for await (const report of kit.watchStatus({ uuid })) noted.push(report);
    return noted;
  },
  recheck: async (kit, uuid) => kit.recheck({ uuid }),
  recover: async (kit) => kit.recover({ since: 0 }),
} as const satisfies Readonly<Record<string, Look>>;

const encode = encodeURIComponent;

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: {} };
}
