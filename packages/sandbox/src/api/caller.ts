import type { Context, Middleware } from 'koa';
import { CheckoutError } from '../errors.js';
import type { Generation } from '../state/events.js';
import type { Member } from '../state/members.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { ApiError } from './error-answers.js';

/** Lets only requests with the right `X-API-Key` through, for a space that there is; answers 401 or 404 otherwise. */
export function requireCaller(state: SandboxState, generation: Generation): Middleware {
  return async (context, next) => {
    checkApiKey(state.settings.apiKey, context.get('x-api-key'));
    memberActedFor(state, context, generation);
    await next();
  };
}

/** Throws 401 unless `given`, the header's value or nothing, is the key. */
export function checkApiKey(apiKey: string, given: string): void {
  if (given === '') throw new ApiError(401, 'unauthorized', 'the X-API-Key header is missing');
  if (given !== apiKey) throw new ApiError(401, 'unauthorized', 'the API key is not valid');
}

/**
 * The member in whose space a request acts, `undefined` for the merchant's own: `On-Behalf-Of` names a member by uuid,
 * in v1 by number. Throws 404 for anyone else.
 */
export function memberActedFor(
  { members }: SandboxState,
  context: Context,
  generation: Generation,
): Member | undefined {
  const given = context.get('on-behalf-of').toLowerCase();
  if (given === '') return undefined;
  const nameOf = ({ userUuid, userId }: Member) =>
    generation === 'v1' ? String(userId) : userUuid;
  const present = members.present();
  const member = present.find((one) => nameOf(one) === given);
  if (member !== undefined) return member;
  const known = present.slice(-10).map(nameOf).join(', ');
  throw new ApiError(
    404,
    'not_found',
    `there is no member ${JSON.stringify(given.slice(0, 100))} to act for: there are ${known || 'none'}`,
  );
}

/** The session, if the request may see it: the merchant sees all, who acts for a member sees the member's. Throws 404. */
export function visibleTo(
  state: SandboxState,
  context: Context,
  generation: Generation,
  session: Session,
): Session {
  const member = memberActedFor(state, context, generation);
  if (member === undefined || member.userUuid === session.terms.userUuid) return session;
  throw new CheckoutError('unknown', `there is no ${JSON.stringify(session.uuid)} in this space`);
}
