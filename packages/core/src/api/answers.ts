import * as z from 'zod';
import { lazily } from '../lazily.js';
import { ApiError, isApiError } from './api-error.js';
import type { ApiClient, ApiRequest } from './client.js';
import type { TransactionStatusReport } from './transactions.js';

const statusSchema = lazily(() => {
  const maybeText = z
    .string()
    .nullish()
    .transform((text) => text ?? undefined);

  return z.looseObject({
    uuid: maybeText,
    status: z.string(),
    txHash: maybeText,
    message: maybeText,
    lastAttempt: z
      .looseObject({
        status: maybeText,
        code: maybeText,
        message: maybeText,
        txHash: maybeText,
        at: maybeText,
      })
      .nullish()
      .transform((attempt) => attempt ?? undefined),
  });
});

/** Reads either generation's answer to "what is its status?". Throws `api_unreadable` on a wrong JSON type. */
export function readStatus(
  answer: unknown,
): Omit<TransactionStatusReport, 'uuid' | 'generation'> & { readonly uuid: string | undefined } {
  const parsed = statusSchema().safeParse(answer);
  if (!parsed.success) throw unreadable(parsed.error);
  const { uuid, status, txHash, message, lastAttempt } = parsed.data;
  return { uuid, status, txHash, message, lastAttempt };
}

function unreadable(cause: z.ZodError): ApiError {
  const fields = cause.issues.map((issue) => issue.path.join('.') || 'the answer itself');
  return new ApiError(
    'api_unreadable',
    `QBitFlow's API answered with a status that cannot be read (${fields.join(', ')}): probably something else answers at baseUrl, or this kit is older than the API; correct baseUrl or update`,
    { cause },
  );
}

const NOT_FOUND: readonly number[] = [404];

/** The answer to a call, or `undefined` for one of the statuses that say that there is none. Rejects with `ApiError`. */
export async function findAnswer(
  api: ApiClient,
  request: ApiRequest,
  none = NOT_FOUND,
): Promise<{ readonly answer: unknown } | undefined> {
  try {
    return { answer: await api.request(request) };
  } catch (error) {
    if (isApiError(error) && none.includes(error.status ?? 0)) return undefined;
    throw error;
  }
}
