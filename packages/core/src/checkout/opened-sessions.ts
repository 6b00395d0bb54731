import { createRotatingMap, type RotatingMap } from '../rotating-map.js';
import type { CheckoutKind } from './params.js';
import type { CheckoutSession } from './session.js';

/** The last session that this process opened for a reference. */
export interface OpenedSession {
  readonly kind: CheckoutKind;
  /** Of the order it was opened for. */
  readonly fingerprint: string;
  readonly session: CheckoutSession;
}

/** Sessions this process opened, by reference: bounded, and gone with it. */
export type OpenedSessions = RotatingMap<OpenedSession>;

const REMEMBERED = 10_000;

/** No sessions yet. */
export function createOpenedSessions(): OpenedSessions {
  return createRotatingMap<OpenedSession>(REMEMBERED);
}
