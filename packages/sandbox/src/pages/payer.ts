import { readable } from '../delivery/answer-text.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';

/** Whether the checkout has to ask who pays: the merchant named no customer. */
export function asksForPayer({ terms, status }: Session): boolean {
  const { customerUuid, customerReference } = terms;
  return status === 'created' && customerUuid === undefined && customerReference === undefined;
}

/** Keeps who pays, as the checkout's form says; programs that pay may leave it out. */
export function rememberPayer(state: SandboxState, uuid: string, form: URLSearchParams): void {
  const session = state.sessions.find(uuid);
  const name = readable(form.get('name') ?? '').slice(0, 100);
  const email = readable(form.get('email') ?? '').slice(0, 254);
  if (session === undefined || !asksForPayer(session) || name === '' || email === '') return;
  state.sessions.save({ ...session, payer: { name, email } });
}
