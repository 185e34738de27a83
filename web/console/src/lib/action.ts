// SPDX-License-Identifier: Apache-2.0
// Something that a button starts: busy while it runs, its error kept for the form.
import { isInterlockError, Refusal } from '@interlock/client';
import type { Result } from '@interlock/react';
import { useCallback, useRef, useState } from 'react';
import { noticeLoggedOut } from '../client';
import { useTexts } from '../texts/context';
import { errorText } from './error_text';
import { reportFault } from './report';
import { tellSlow } from './tell';

export interface Action<A extends unknown[]> {
  readonly busy: boolean;
  readonly error: unknown;
  /** Starts it; while it runs, a second click does nothing. True once it succeeded. */
  run(...args: A): Promise<boolean>;
  /** The message that belongs to a field of the form. */
  fieldError(field: string): string | undefined;
  /** The message that belongs to no field that the form shows. */
  formError(shownFields?: readonly string[]): string | undefined;
  clear(): void;
}

/** What a mutation of the library was answered; throws why it was not done, for an action to keep. */
export function answerOf<A>(result: Result<A>): A {
  if (!result.ok) throw result.error;
  return result.answer;
}

/** An action of a form or a button. What is not an answer of the server (a mistake of the program) is thrown on. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const texts = useTexts();
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const running = useRef(false);
  const latest = useRef(work);
  latest.current = work;
  const words = useRef(texts);
  words.current = texts;
  const run = useCallback(async (...args: A) => {
    if (running.current) return false;
    running.current = true;
    setState({ busy: true });
    const answered = tellSlow(words.current);
    try {
      await latest.current(...args);
      setState({ busy: false });
      return true;
    } catch (error) {
      setState({ busy: false, error });
      if (isInterlockError(error)) noticeLoggedOut(error);
      else reportFault(error);
      return false;
    } finally {
      answered();
      running.current = false;
    }
  }, []);
  const field = state.error instanceof Refusal ? state.error.field : undefined;
  return {
    busy: state.busy,
    error: state.error,
    run,
    fieldError: (name) => (field === name ? errorText(texts, state.error) : undefined),
    formError: (shown = []) =>
      state.error === undefined || (field && shown.includes(field)) ? undefined : errorText(texts, state.error),
    clear: useCallback(() => setState({ busy: false }), []),
  };
}
