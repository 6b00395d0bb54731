import type { Context, Middleware } from 'koa';
import { CheckoutError } from '../errors.js';
import type { Generation } from '../state/events.js';
import type { Session } from '../state/sessions.js';
import { space } from '../state/space.js';
import { ApiError } from './error-answers.js';

/** Lets only requests with the right `X-API-Key` through, for a space that there is; answers 401 or 404 otherwise. */
export function requireCaller(apiKey: string, generation: Generation): Middleware {
  return async (context, next) => {
    checkApiKey(apiKey, context.get('x-api-key'));
    memberActedFor(context, generation);
    await next();
  };
}

/** Throws 401 unless `given`, the header's value or nothing, is the key. */
export function checkApiKey(apiKey: string, given: string): void {
  if (given === '') throw new ApiError(401, 'unauthorized', 'the X-API-Key header is missing');
  if (given !== apiKey) throw new ApiError(401, 'unauthorized', 'the API key is not valid');
}

/**
 * The uuid of the member in whose space a request acts, `undefined` for the merchant's own: `On-Behalf-Of` names a
 * member by uuid, in v1 by number. Throws 404 for anyone else.
 */
export function memberActedFor(context: Context, generation: Generation): string | undefined {
  const given = context.get('on-behalf-of');
  if (given === '') return undefined;
  const { userUuid, userId } = space.member;
  if (given.toLowerCase() === (generation === 'v1' ? userId : userUuid)) return userUuid;
  throw new ApiError(
    404,
    'not_found',
    `there is no member ${JSON.stringify(given.slice(0, 100))} to act for: the sandbox's is ${userUuid}, in v1 ${userId}`,
  );
}

/** The session, if the request may see it: the merchant sees all, who acts for a member sees the member's. Throws 404. */
export function visibleTo(context: Context, generation: Generation, session: Session): Session {
  const member = memberActedFor(context, generation);
  if (member === undefined || member === session.terms.userUuid) return session;
  throw new CheckoutError('unknown', `there is no ${JSON.stringify(session.uuid)} in this space`);
}
