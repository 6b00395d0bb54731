import { expect, test, vi } from 'vitest';
import { createDueListeners, type DueListener } from '@qbitflow/core/store';

test('each is called until it is removed, and as often as it was added', () => {
  const listeners = createDueListeners();
  const listener = vi.fn<DueListener>();
  const [remove, removeToo] = [listeners.add(listener), listeners.add(listener)];
  listeners.notify('pay@1');
  expect(listener.mock.calls).toEqual([['pay@1'], ['pay@1']]);
  remove();
  remove();
  expect(listeners.size).toBe(1);
  listeners.notify(undefined);
  expect(listener).toHaveBeenCalledTimes(3);
  removeToo();
  expect(listeners.size).toBe(0);
});

test('one that throws keeps no other from being called', () => {
  const onError = vi.fn<(error: unknown) => void>();
  const listeners = createDueListeners(onError);
  const other = vi.fn<DueListener>();
  listeners.add(() => {
    throw new Error('mine');
  });
  listeners.add(other);
  listeners.notify('pay@1');
  expect(other).toHaveBeenCalledExactlyOnceWith('pay@1');
  expect(onError).toHaveBeenCalledExactlyOnceWith(new Error('mine'));
  listeners.clear();
  expect(listeners.size).toBe(0);
});
