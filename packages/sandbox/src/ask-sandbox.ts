import { asError } from '@qbitflow/core';
import { misconfigured } from './errors.js';

/** Longer than a sandbox waits for the shop, in ms. */
const PATIENCE_MS = 90_000;

/** Where `qbitflow-sandbox --port 4242` listens. */
const USUAL_SANDBOX = 'http://127.0.0.1:4242';

/** The sandbox that a command drives, as `--sandbox` names it. */
export function sandboxUrl(text: string = USUAL_SANDBOX): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url;
  throw misconfigured(
    `--sandbox must be the URL that the sandbox prints, such as ${USUAL_SANDBOX}, not ${JSON.stringify(text)}`,
  );
}

/** What a command asks of a running sandbox. */
export interface SandboxQuestion<Answer> {
  /** Below `/sandbox`, e.g. `/trigger`. */
  readonly path: string;
  readonly body: object;
  /** Another program may listen where a sandbox is expected. */
  readonly isAnswer: (value: unknown) => value is Answer;
  /** What else can be done where no sandbox answers. */
  readonly otherwise?: string;
}

/** Asks a running sandbox. Rejects, in words fit to be printed, where none answers, or it refuses. */
export async function askSandbox<Answer>(
  sandbox: URL,
  question: SandboxQuestion<Answer>,
): Promise<Answer> {
  const answer = await post(sandbox, question);
  const said = jsonIn(answer.text);
  if (answer.status === 200 && question.isAnswer(said)) return said;
  const reason: unknown = Reflect.get(Object(said), 'error');
  throw new Error(
    typeof reason === 'string'
      ? `the sandbox says: ${reason}`
      : `what answers at ${sandbox.origin} (${answer.status}) is no sandbox of this version: give its URL (--sandbox)`,
  );
}

async function post(
  sandbox: URL,
  { path, body, otherwise = '' }: Omit<SandboxQuestion<never>, 'isAnswer'>,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const answer = await fetch(new URL(`/sandbox${path}`, sandbox), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const { name, message, cause } = asError(error);
    if (name === 'TimeoutError')
      throw new Error(
        `the sandbox at ${sandbox.origin} has not answered within ${PATIENCE_MS / 1000} s: it goes on with it; does the shop answer?`,
        { cause: error },
      );
    const reason = cause === undefined ? message : asError(cause).message || message;
    throw new Error(
      `no sandbox answers at ${sandbox.origin} (${reason}): start one with qbitflow-sandbox --port 4242 --webhook <url>${otherwise}`,
      { cause: error },
    );
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
