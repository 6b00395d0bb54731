import { z } from 'zod';
import { ApiError } from '../api/api-error.js';

/** A checkout that is open. */
export interface CheckoutSession {
  /** `pay@…` or `sub@…`; also the id of the payment or subscription it will create. */
  readonly uuid: string;
  /** QBitFlow's hosted page: send the customer there. */
  readonly link: string;
  /** When the link ends, if the API said so. */
  readonly expiresAt?: Date | undefined;
  /** Your order's id, as given. */
  readonly reference?: string | undefined;
}

/** Unix seconds (v1) or RFC 3339 (v2); a text or number that is no date is as good as none. */
const expiry = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => {
    if (value === null || value === undefined || value === 0 || value === '') return undefined;
    const date = new Date(typeof value === 'number' ? value * 1000 : value);
    return Number.isNaN(date.getTime()) ? undefined : date;
  });

/** The link goes into a `Location` header as it stands: no line break, nothing beyond ASCII, no host in disguise. */
const link = z
  .string()
  .regex(/^https?:\/\/[\x21-\x7e]+$/i)
  .refine((text) => URL.canParse(text) && !hasCredentials(new URL(text)));

function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

const answerSchema = z.looseObject({ uuid: z.string().min(1), link, expiresAt: expiry });

/** Reads either generation's answer to a create. Throws `api_unreadable` when a customer could not be sent there. */
export function parseSession(answer: unknown, reference: string | undefined): CheckoutSession {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw unreadable('a create', parsed.error);
  const { uuid, link: href, expiresAt } = parsed.data;
  return {
    uuid,
    link: href,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(reference === undefined ? {} : { reference }),
  };
}

/** The error for an answer that is not what the protocol says. No value is repeated in it. */
export function unreadable(what: string, cause: z.ZodError): ApiError {
  const fields = cause.issues.map((issue) => issue.path.join('.') || 'the answer itself');
  return new ApiError(
    'api_unreadable',
    `QBitFlow's API answered ${what} with something that cannot be read (${fields.join(', ')}): probably something else answers at baseUrl, or this kit is older than the API; correct baseUrl or update`,
    { cause },
  );
}
