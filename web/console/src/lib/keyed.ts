// SPDX-License-Identifier: Apache-2.0
// For forms that wait for their answer: whoever sends the same again, after an answer that did not come, does it once.
import { isInterlockError } from '@interlock/client';
import { useCallback, useRef } from 'react';
import { client } from '../client';

/**
 * Answers a function that sends a request with a key: the same content has the same key until the server has answered for
 * certain, other content another one.
 */
export function useKeyed() {
  const kept = useRef<{ readonly content: string; readonly key: string } | undefined>(undefined);
  return useCallback(async <R extends object, T>(request: R, send: (request: R, key: string) => Promise<T>) => {
    const content = JSON.stringify(request);
    if (kept.current?.content !== content) kept.current = { content, key: client.newKey() };
    try {
      const answer = await send(request, kept.current.key);
      kept.current = undefined;
      return answer;
    } catch (error) {
      if (isInterlockError(error) && error.kind === 'refusal' && !error.retryable) kept.current = undefined;
      throw error;
    }
  }, []);
}
