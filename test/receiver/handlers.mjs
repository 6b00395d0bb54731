import { setTimeout as sleep } from 'node:timers/promises';
import { createEffect } from './effect.mjs';
import { misbehave } from './misbehave.mjs';

/** One handler for every event: does what it is told to do wrong, then notes its success in the log. */
export function handleEvents(qbitflow, { write, fail, delay, completeWithin }) {
  const effect = createEffect(completeWithin);
  qbitflow.onAny(async (event, context) => {
    const { attempt } = context;
    if (attempt <= fail) throw new Error(`told to fail on attempt ${attempt}`);
    if (delay > 0) await sleep(delay);
    await misbehave(event.data?.note);
    await effect(event, context);
    write(factsOf(event, attempt));
  });
}

function factsOf(event, attempt) {
  const { key, id, type, version, data } = event;
  return {
    key,
    id,
    type: type === 'unknown' ? event.sentType : type,
    version,
    uuid: data?.uuid,
    attempt,
    pid: process.pid,
    at: Date.now(),
  };
}

/** One JSON line on stderr for everything `onError` is told. */
export function tellErrors(qbitflow) {
  qbitflow.onError((error, { stage, key, attempt }) => {
    const { code, message, facts } = error;
    console.error(
      JSON.stringify({ onError: code ?? 'handler', stage, key, attempt, message, facts }),
    );
  });
}
