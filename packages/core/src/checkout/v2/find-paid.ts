import { z } from 'zod';
import { isApiError } from '../../api/api-error.js';
import type { ApiClient } from '../../api/client.js';

/** The longest page there is. */
const NEWEST = 100;
const TYPES = ['payment.completed', 'subscription.created'] as const;

const pageSchema = z.looseObject({
  items: z.array(
    z.looseObject({ data: z.looseObject({ uuid: z.string(), reference: z.unknown() }) }).catch({
      data: { uuid: '', reference: undefined },
    }),
  ),
});

/**
 * The payment or subscription that holds a reference, if it is among the newest: v2 finds none by its reference, but
 * its event log tells of the last hundred. `undefined` also when the log cannot be read.
 */
export async function findPaid(api: ApiClient, reference: string): Promise<string | undefined> {
  for (const type of TYPES) {
    const query = { type, limit: NEWEST };
    const page = await readLog(api, query);
    const found = page.find(({ data }) => data.reference === reference);
    if (found !== undefined) return found.data.uuid;
  }
  return undefined;
}

async function readLog(
  api: ApiClient,
  query: { readonly type: string; readonly limit: number },
): Promise<z.infer<typeof pageSchema>['items']> {
  try {
    const answer = await api.request({
      method: 'GET',
      path: '/webhooks/events',
      query,
      maxRetries: 0,
    });
    return pageSchema.safeParse(answer).data?.items ?? [];
  } catch (error) {
    if (isApiError(error)) return [];
    throw error;
  }
}
