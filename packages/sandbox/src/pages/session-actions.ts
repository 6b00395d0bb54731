import {
  customerActionNames,
  customerActions,
  type CustomerAction,
  type CustomerOutcome,
} from '../checkout/customer-actions.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import type { JsonObject } from '../wire/canonical-json.js';

/** One thing that an action can be told. */
export interface ActionField {
  readonly name: string;
  /** What may be given, for people. */
  readonly hint: string;
  /** What may be chosen from, where it is a choice; the default stands first. */
  readonly choices?: readonly string[];
}

/** Something that can be done with a session, or with what it became. */
export interface SessionAction {
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  readonly fields: readonly ActionField[];
  /** Whether it can be done with a session as that stands. */
  readonly applies: (session: Session) => boolean;
  readonly run: (state: SandboxState, uuid: string, input?: JsonObject) => CustomerOutcome;
}

const isOpen = ({ status }: Session): boolean => status === 'created';
const runs = ({ subscription }: Session): boolean =>
  subscription !== undefined && subscription.status !== 'cancelled';

const ROWS: Readonly<Record<CustomerAction, Pick<SessionAction, 'summary' | 'applies'>>> = {
  pay: { summary: 'the customer pays', applies: isOpen },
  fail: { summary: 'an attempt to pay fails; the session stays open', applies: isOpen },
  abandon: { summary: 'the customer goes back to the shop unpaid', applies: isOpen },
  expire: { summary: 'the session ends unpaid', applies: isOpen },
  bill: { summary: 'the next bill is collected now; ends a trial', applies: runs },
  cancel: { summary: 'the subscription is cancelled', applies: runs },
};

/** Every action, in the order in which people are shown them. */
export const sessionActions: readonly SessionAction[] = customerActionNames.map((name) => ({
  name,
  fields: [],
  ...ROWS[name],
  run: (state, uuid) => customerActions[name](state, uuid),
}));
