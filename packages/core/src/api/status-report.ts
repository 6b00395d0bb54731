import { z } from 'zod';
import type { TransactionStatus } from '../event/data.js';
import { ApiError } from './api-error.js';
import type { ApiGeneration } from './client.js';

/** The last attempt to pay a session that did not succeed (v2). Never final: the customer may try again. */
export interface FailedAttempt {
  readonly status?: string | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly txHash?: string | undefined;
  /** RFC 3339, as sent. */
  readonly at?: string | undefined;
}

/** Where a transaction stands: one shape for both generations. */
export interface TransactionStatusReport {
  readonly uuid: string;
  /** Values newer than this kit are kept. */
  readonly status: TransactionStatus;
  readonly txHash?: string | undefined;
  readonly message?: string | undefined;
  readonly lastAttempt?: FailedAttempt | undefined;
  /** Which API said so: `failed` is final on v1, and v2 does not know it. */
  readonly generation: ApiGeneration;
}

const maybeText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

const statusSchema = z.looseObject({
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

/** Reads either generation's answer to "what is the status of `uuid`?". Throws `api_unreadable` on a wrong JSON type. */
export function parseStatusReport(
  answer: unknown,
  asked: { readonly uuid: string; readonly generation: ApiGeneration },
): TransactionStatusReport {
  const parsed = statusSchema.safeParse(answer);
  if (!parsed.success) throw unreadable(parsed.error);
  const { uuid, status, txHash, message, lastAttempt } = parsed.data;
  // v1 keeps no attempts; its answer repeats no id.
  if (asked.generation === 'v1') return { ...asked, status, txHash, message };
  return { ...asked, uuid: uuid ?? asked.uuid, status, txHash, message, lastAttempt };
}

function unreadable(cause: z.ZodError): ApiError {
  const fields = cause.issues.map((issue) => issue.path.join('.') || 'the answer itself');
  return new ApiError(
    'api_unreadable',
    `QBitFlow's API answered with a status that cannot be read (${fields.join(', ')}): probably something else answers at baseUrl, or this kit is older than the API; correct baseUrl or update`,
    { cause },
  );
}
