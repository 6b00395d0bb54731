import { createHash } from 'node:crypto';
import { QBitFlowError } from '../errors.js';
import { createClientOf } from '../http/client-of.js';
import type { HttpRequest } from '../http/http.js';
import { apiRulesNamed } from '../protocol/api-rules.js';
import type { GenerationName, RemoteQuestion } from '../protocol/generation.js';
import { createRotatingMap } from '../rotating-map.js';
import type { Runtime } from '../runtime.js';
import type { ReceivedBody } from '../webhook/body.js';
import { isApiError } from './api-error.js';
import type { ApiCallOptions, ApiClient } from './client.js';
import { askedPauseMs, createThrottle, type ThrottleLimits, type TurnedAway } from './throttle.js';

/**
 * Asks QBitFlow whether it sent a delivery. Rejects with `ApiError` when that stays undecided: only the answers the
 * protocol names (§3) decide, so an outage looks neither like a forgery nor like a proof.
 */
export async function verifyRemotely(
  api: ApiClient,
  { request, assertGenuine, isRefusal }: RemoteQuestion,
  options: ApiCallOptions = {},
): Promise<'genuine' | 'refused'> {
  try {
    assertGenuine(await api.request({ ...options, ...request }));
    return 'genuine';
  } catch (error) {
    if (isApiError(error) && isRefusal(error)) return 'refused';
    throw error;
  }
}

/** What the API says of a delivery. */
type Verified = Awaited<ReturnType<typeof verifyRemotely>>;

/** Asks the API about deliveries of anybody. */
export interface RemoteVerifier {
  /**
   * Whether QBitFlow sent what came with a request, signed as the generation of `version` signs: clients take turns.
   * Rejects when that stays undecided: with what the API said, or with `verification_undecided` where too many wait.
   */
  readonly verify: (
    version: GenerationName,
    request: HttpRequest,
    body: ReceivedBody,
  ) => Promise<Verified>;
  /** No more calls are made. */
  close(): void;
}

/**
 * Anybody can have the API asked, with bodies as large as any delivery: so many at once, and ten forgeries a second.
 * What QBitFlow has sent does not count, nor what comes from where it has sent from before.
 */
const LIMITS: ThrottleLimits = {
  maxInFlight: 16,
  maxInFlightOf: { vouched: 12, unknown: 12 },
  calls: { perSecond: 50, burst: 50 },
  misses: { perSecond: 10, burst: 40 },
  maxWaiting: 64,
};
/** A sender waits for 30 s; a check that has not begun by now would hardly be over in time. */
const PATIENCE_MS = 10_000;
/** How long an answer serves the same delivery again, in ms: what was signed stays so. */
const KEPT_MS = 30_000;
const REMEMBERED = 1_000;

/** The checks of one kit. The same delivery at once, or again within half a minute, is one question. */
export function createRemoteVerifier({ api, clock, settings }: Runtime): RemoteVerifier {
  const { endpointUuid } = settings;
  const clientOf = createClientOf(settings.clientOf);
  const throttle = createThrottle(clock, LIMITS);
  const running = new Map<string, Promise<Verified>>();
  const decided = createRotatingMap<{ readonly answer: Verified; readonly until: number }>(
    REMEMBERED,
  );
  /** Clients that have sent what was genuine. */
  const senders = createRotatingMap<true>(REMEMBERED);

  async function check(question: RemoteQuestion, client: string): Promise<Verified> {
    return new Promise<Verified>((resolve, reject) => {
      const cancel = clock.after(PATIENCE_MS, () => turn.leave());
      const call = {
        client,
        async run() {
          cancel();
          try {
            const answer = await verifyRemotely(api, question);
            if (answer === 'genuine' && client !== '') senders.set(client, true);
            resolve(answer);
            return { result: answer === 'genuine' ? 'found' : 'missed' } as const;
          } catch (error) {
            reject(error);
            return { result: 'failed', pauseMs: askedPauseMs(error) } as const;
          }
        },
        isWanted: () => true,
        turnedAway(why: TurnedAway) {
          cancel();
          reject(notChecked(why));
        },
      };
      const isSender = senders.get(client) === true;
      const turn = throttle.submit(call, isSender ? 'known' : 'unknown', false);
    });
  }

  return {
    async verify(version, request, body) {
      const { headers } = request;
      const question = apiRulesNamed(version).remoteQuestion({ headers, body }, endpointUuid);
      const key = digestOf(question);
      const known = decided.get(key);
      if (known !== undefined && clock.now() < known.until) return known.answer;
      const shared = running.get(key);
      if (shared !== undefined) return shared;
      const checking = check(question, clientOf(request));
      running.set(key, checking);
      try {
        const answer = await checking;
        decided.set(key, { answer, until: clock.now() + KEPT_MS });
        return answer;
      } finally {
        running.delete(key);
      }
    },
    close: () => throttle.close(),
  };
}

/** Names a question: the same for the same bytes, or the same value, under the same signature. */
function digestOf({ request }: RemoteQuestion): string {
  const asked = `${request.generation ?? ''} ${JSON.stringify(request.body)}`;
  return createHash('sha256').update(asked).digest('base64');
}

function notChecked(why: TurnedAway): QBitFlowError {
  return new QBitFlowError(
    'verification_undecided',
    why === 'closed'
      ? 'this process is shutting down'
      : "more deliveries wait to be checked than QBitFlow's API is asked: give the webhookSecret (or QBITFLOW_WEBHOOK_SECRET), with which they are checked here, however many come",
  );
}
