import * as z from 'zod';
import { isApiError } from '../../api/api-error.js';
import type { ApiClient } from '../../api/client.js';
import { lazily } from '../../lazily.js';
import { EVENT_LOG } from '../../protocol/v2/api.js';
import { isSecretOfApi } from './ask-about-secret.js';
import type { ApiFacts } from './check-api.js';
import { fail, type Finding, ok, quoted, skipped, warn } from './finding.js';
import type { SetUp } from './set-up.js';

const pageSchema = lazily(() =>
  z.looseObject({ items: z.array(z.looseObject({ id: z.string(), type: z.string() })) }),
);

const detailsSchema = lazily(() => {
  const attempt = z.looseObject({
    statusCode: z.number().nullish(),
    error: z.string().nullish(),
  });
  const delivery = z.looseObject({
    endpointUuid: z.string(),
    url: z.string(),
    delivered: z.boolean(),
    attempts: z.array(attempt).nullish(),
  });
  return z.looseObject({ deliveries: z.array(delivery).nullish() });
});

/** How an event went to one endpoint, as QBitFlow tells it. */
type Told = NonNullable<z.infer<ReturnType<typeof detailsSchema>>['deliveries']>[number];

/**
 * Asks QBitFlow where its last event went and what came back, where its API has a log of them; gives whether it signs
 * with our secret, where that can be asked.
 */
export async function* checkEndpoint(
  setUp: SetUp,
  facts: ApiFacts,
): AsyncGenerator<Finding, boolean | undefined> {
  const { client, knowsSecret } = facts;
  if (client?.generation.asksByEndpoint !== true) return knowsSecret;
  try {
    const last = await readLastEvent(client);
    if (last === undefined) {
      yield skipped('endpoint', 'QBitFlow has no event yet: send a test from its dashboard');
      return undefined;
    }
    yield aboutEndpoints(setUp, last);
    const own = endpointOf(setUp, last.deliveries);
    const secrets = setUp.secrets.filter((secret) => secret !== '');
    if (own === undefined || secrets.length === 0) return undefined;
    const nowMs = setUp.clock.now() + (facts.aheadMs ?? 0);
    return await isSecretOfApi(client, { secrets, nowMs, endpointUuid: own.endpointUuid });
  } catch (error) {
    if (!isApiError(error)) throw error;
    yield skipped('endpoint', `QBitFlow does not tell (${error.status ?? error.code})`);
    return undefined;
  }
}

interface LastEvent {
  readonly type: string;
  readonly deliveries: readonly Told[];
}

async function readLastEvent(client: ApiClient): Promise<LastEvent | undefined> {
  const page = pageSchema().safeParse(await client.request({ ...EVENT_LOG, query: { limit: 1 } }));
  const event = page.data?.items[0];
  if (event === undefined) return undefined;
  const path = `${EVENT_LOG.path}/${encodeURIComponent(event.id)}`;
  const details = detailsSchema().safeParse(await client.request({ ...EVENT_LOG, path }));
  return { type: quoted(event.type), deliveries: details.data?.deliveries ?? [] };
}

/** The endpoint that the command is about: that of the URL given, or the only one. */
function endpointOf({ url }: SetUp, deliveries: readonly Told[]): Told | undefined {
  const own = deliveries.find((told) => told.url === url);
  return own ?? (url === undefined && deliveries.length === 1 ? deliveries[0] : undefined);
}

function aboutEndpoints({ url }: SetUp, { type, deliveries }: LastEvent): Finding {
  if (deliveries.length === 0)
    return warn(
      'endpoint',
      `QBitFlow sent its last event (${type}) nowhere`,
      'register the webhook URL in its dashboard, for events of this type, and look whether the endpoint is switched off',
    );
  const urls = deliveries.map((told) => quoted(told.url)).join(', ');
  if (url !== undefined && !deliveries.some((told) => told.url === url))
    return warn(
      'endpoint',
      `QBitFlow sends to ${urls}, and not to ${quoted(url)}`,
      'register this one in its dashboard, or give the one that is (--url)',
    );
  const failed = deliveries.find((told) => !told.delivered && (url ?? told.url) === told.url);
  if (failed !== undefined)
    return fail(
      'endpoint',
      `QBitFlow could not deliver its last event (${type}) to ${quoted(failed.url)}: ${outcomeOf(failed)}`,
      'mend what the line webhook says; it sends it again for three days',
    );
  return ok('endpoint', `QBitFlow's last event (${type}) was taken by ${quoted(url ?? urls)}`);
}

function outcomeOf({ attempts }: Told): string {
  const last = attempts?.at(-1);
  if (last === undefined) return 'it has not tried yet';
  if (typeof last.statusCode === 'number') return `answered ${last.statusCode}`;
  return quoted(last.error ?? 'no answer');
}
