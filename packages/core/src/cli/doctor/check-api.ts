import { type ApiClient, createApiClient } from '../../api/client.js';
import { ApiError, isApiError } from '../../api/api-error.js';
import { systemRandom } from '../../clock.js';
import { asError } from '../../errors.js';
import { isThisMachine, modeOfKey } from '../../mode.js';
import { cureOf, oddityOf, oddityOfApiKey } from '../../oddity.js';
import { apiBase } from '../../options.js';
import type { Generation } from '../../protocol/generation.js';
import { NEWEST } from '../../protocol/index.js';
import { isJsonObject } from '../../protocol/json.js';
import { DEFAULT_BASE_URL } from '../../options-schema.js';
import { OWN_SPACE } from '../../protocol/v2/api.js';
import { isSecretOfApi } from './ask-about-secret.js';
import { codeOf, fail, type Finding, ok, quoted, skipped, warn } from './finding.js';
import type { SetUp } from './set-up.js';

/** What the API told, for the checks that follow. */
export interface ApiFacts {
  /** The generation that the base URL names; the newest where it names none. */
  readonly generation: Generation;
  /** How far the API's clock is ahead of ours, in ms; `undefined` where it told no time. */
  readonly aheadMs: number | undefined;
  /** Whether it is on this machine, as a sandbox is. */
  readonly isLocal: boolean;
  /** Whose money the key is for. */
  readonly mode: 'live' | 'test' | undefined;
  /** The API, where it takes the key. */
  readonly client: ApiClient | undefined;
  /** Whether the API signs with one of the secrets; `undefined` where it was not asked. */
  readonly knowsSecret: boolean | undefined;
}

/** How long one question may take, in ms. */
const PATIENCE_MS = 10_000;
const NOTHING = {
  client: undefined,
  aheadMs: undefined,
  mode: undefined,
  knowsSecret: undefined,
} as const;

/** Asks the API who the key's owner is: where it is, whether it takes the key, what time it has. */
export async function* checkApi(setUp: SetUp): AsyncGenerator<Finding, ApiFacts> {
  const { baseUrl, apiKey, clock } = setUp;
  const base = readBase(baseUrl);
  if (typeof base === 'string') {
    yield fail('baseUrl', base, `leave QBITFLOW_BASE_URL out, or set it to ${DEFAULT_BASE_URL}`);
    yield skipped('key', 'the baseUrl must be right first');
    return { ...NOTHING, generation: NEWEST, isLocal: false };
  }
  const { apiGeneration: generation } = base;
  const isLocal = isThisMachine(new URL(base.baseUrl));
  const faultOfKey = apiKey === undefined ? undefined : faultOf(apiKey);
  // A key that no header can carry would be no answer to whether the API is there.
  const sent = faultOfKey === undefined ? apiKey : undefined;
  let aheadMs: number | undefined;
  const api = createApiClient({
    ...base,
    apiKey: sent,
    fetch: setUp.fetch,
    clock,
    random: systemRandom,
    diagnostics: { say: () => undefined },
    timeoutMs: PATIENCE_MS,
    maxRetries: 0,
    onDate(date) {
      const then = date === null ? Number.NaN : Date.parse(date);
      // It counts whole seconds.
      if (!Number.isNaN(then)) aheadMs = then + 500 - clock.now();
    },
  });
  const answer = await askOwner(api, setUp, () => clock.now() + (aheadMs ?? 0));
  yield aboutBase(base.baseUrl, generation, answer);
  yield faultOfKey ?? aboutKey(setUp, answer);
  if (aheadMs !== undefined) yield aboutClock(aheadMs);
  const known = answer.kind === 'owner' ? answer : undefined;
  const mode = known?.mode ?? modeOfKey(apiKey);
  const client = known !== undefined && sent !== undefined ? api : undefined;
  return { generation, aheadMs, isLocal, mode, client, knowsSecret: known?.knowsSecret };
}

function readBase(baseUrl: string): ReturnType<typeof apiBase> | string {
  const oddity = oddityOf(baseUrl);
  if (oddity !== undefined) return `QBITFLOW_BASE_URL ${oddity}`;
  try {
    return apiBase(baseUrl);
  } catch (error) {
    return asError(error).message.replace(/^QBitFlow is misconfigured: /, '');
  }
}

function faultOf(apiKey: string): Finding | undefined {
  const oddity = oddityOfApiKey(apiKey);
  if (oddity !== undefined) return fail('key', `QBITFLOW_API_KEY ${oddity}`, cureOf(oddity));
  if (/^[\x21-\x7e]+$/.test(apiKey)) return undefined;
  return fail(
    'key',
    'QBITFLOW_API_KEY holds a space or a character that no header may carry',
    'copy the sk_… text alone',
  );
}

/** Whose key it is; or that it was not taken; or that something else answers, or nothing. */
type Answer =
  | {
      readonly kind: 'owner';
      readonly says: string | undefined;
      readonly mode: 'live' | 'test' | undefined;
      readonly knowsSecret: boolean | undefined;
    }
  | { readonly kind: 'refused'; readonly error: ApiError }
  | { readonly kind: 'failed'; readonly error: ApiError };

async function askOwner(api: ApiClient, { secrets }: SetUp, apiNow: () => number): Promise<Answer> {
  try {
    if (api.generation.asksByEndpoint) return await askForSpace(api);
    return await askAboutDelivery(api, secrets, apiNow);
  } catch (error) {
    if (!isApiError(error)) throw error;
    const isRefusal = error.status === 401 || error.status === 403;
    return { kind: isRefusal ? 'refused' : 'failed', error };
  }
}

async function askForSpace(api: ApiClient): Promise<Answer> {
  const answer = await api.request(OWN_SPACE);
  const { role, space } = isJsonObject(answer) ? answer : {};
  if (!isJsonObject(space)) throw new ApiError('api_unreadable', 'it names no space');
  const { name, test } = space;
  const mode = test === true ? 'test' : test === false ? 'live' : undefined;
  const of = typeof name === 'string' ? ` of the space ${quoted(name)}` : '';
  const as = typeof role === 'string' ? ` (${quoted(role)})` : '';
  const says = `a ${mode === undefined ? '' : `${mode} `}key${of}${as}`;
  return { kind: 'owner', says, mode, knowsSecret: undefined };
}

/**
 * Where nobody can be asked for the key's owner: whether a delivery is genuine is asked by key, too, and answers whether the
 * secret is right. Without a secret the answer is no, and the key was taken all the same.
 */
async function askAboutDelivery(
  api: ApiClient,
  given: readonly string[],
  apiNow: () => number,
): Promise<Answer> {
  const filled = given.filter((secret) => secret !== '');
  const secrets = filled.length > 0 ? filled : ['none'];
  const ask = async (nowMs: number): Promise<boolean> =>
    isSecretOfApi(api, { secrets, nowMs, endpointUuid: undefined });
  const before = apiNow();
  let knowsSecret = await ask(before);
  // The first answer told what time it is there: what looked too old may have been right.
  if (!knowsSecret && Math.abs(apiNow() - before) > NOTICEABLE_MS)
    knowsSecret = await ask(apiNow());
  return { kind: 'owner', says: undefined, mode: undefined, knowsSecret };
}

/** Clocks that differ by less refuse nothing, in ms. */
const NOTICEABLE_MS = 60_000;

const OTHER_API = `leave QBITFLOW_BASE_URL out, or set it to ${DEFAULT_BASE_URL}`;

function aboutBase(baseUrl: string, { name }: Generation, answer: Answer): Finding {
  if (answer.kind !== 'failed') return ok('baseUrl', `${baseUrl} answers as ${name}`);
  const { code, status } = answer.error;
  if (code === 'api_unreachable')
    return fail(
      'baseUrl',
      `no answer from ${new URL(baseUrl).origin} (${codeOf(answer.error)})`,
      'check QBITFLOW_BASE_URL, DNS, and whether this machine may open connections to it',
    );
  if (code === 'api_timeout')
    return fail(
      'baseUrl',
      `no answer from ${new URL(baseUrl).origin} within ${PATIENCE_MS / 1_000} s`,
      'a firewall or proxy may hold outgoing connections back',
    );
  if (status !== undefined && (status >= 500 || status === 429))
    return warn('baseUrl', `${baseUrl} answers ${status}`, 'try again later');
  const said = code === 'api_unreadable' ? 'an answer of another kind' : String(status);
  return fail('baseUrl', `what answers at ${baseUrl} is not QBitFlow's API (${said})`, OTHER_API);
}

function aboutKey({ apiKey, envFileHint }: SetUp, answer: Answer): Finding {
  if (apiKey === undefined) return skipped('key', `give QBITFLOW_API_KEY${envFileHint}`);
  if (answer.kind === 'failed') return skipped('key', 'the API must answer first');
  if (answer.kind === 'refused') {
    const shape = apiKey.startsWith('sk_') ? '' : ', and it does not begin with sk_';
    return fail(
      'key',
      `the API does not take it (${answer.error.status})${shape}`,
      'copy a key of this space and mode (test or live) from the QBitFlow dashboard',
    );
  }
  const mode = modeOfKey(apiKey);
  return ok('key', answer.says ?? `the API takes it${mode === undefined ? '' : ` (${mode})`}`);
}

/** What deliveries may be off by, and what a machine that keeps time is off by, in ms. */
const REFUSED_MS = 300_000;
const USUAL_MS = 30_000;
const KEEP_TIME = 'let the machine keep time (NTP; timedatectl set-ntp true)';

function aboutClock(aheadMs: number): Finding {
  const off = Math.abs(aheadMs);
  if (off <= 2_000) return ok('clock', "as the API's, to about a second");
  const says = `this machine's clock is ${Math.round(off / 1_000)} s ${aheadMs > 0 ? 'behind' : 'ahead of'} the API's`;
  if (off <= USUAL_MS) return ok('clock', says);
  if (off < REFUSED_MS)
    return warn('clock', says, `${KEEP_TIME}: from 300 s on deliveries are refused`);
  return fail('clock', `${says}, and deliveries are refused from 300 s on`, KEEP_TIME);
}
