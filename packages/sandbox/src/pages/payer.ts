import { readable } from '../delivery/answer-text.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { currencyIds } from '../wire/demo-data.js';

/** Whether the checkout has to ask who pays: the merchant named no customer. */
export function asksForPayer({ terms, status }: Session): boolean {
  const { customerUuid, customerReference } = terms;
  return status === 'created' && customerUuid === undefined && customerReference === undefined;
}

/** Keeps who pays and with what, as the checkout's form says; programs that pay may leave all of it out. */
export function rememberPayer(state: SandboxState, uuid: string, form: URLSearchParams): void {
  const session = state.sessions.find(uuid);
  if (session?.status !== 'created') return;
  const chosen = { ...payerIn(session, form), ...currencyIn(form) };
  if (Object.keys(chosen).length > 0) state.sessions.save({ ...session, ...chosen });
}

function payerIn(session: Session, form: URLSearchParams): Pick<Session, 'payer'> {
  const name = readable(form.get('name') ?? '').slice(0, 100);
  const email = readable(form.get('email') ?? '').slice(0, 254);
  return asksForPayer(session) && name !== '' && email !== '' ? { payer: { name, email } } : {};
}

function currencyIn(form: URLSearchParams): Pick<Session, 'currencyId'> {
  const currencyId = Number(form.get('currency'));
  return currencyIds.includes(currencyId) ? { currencyId } : {};
}
