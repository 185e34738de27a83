// SPDX-License-Identifier: Apache-2.0
// An action of a form: waits for its answer while there is a network, and lets go as soon as there is none, since the
// queue sends it then.
import { type Action, isInterlockError, type SenderState } from '@interlock/client';
import { client } from '../client';

/** Where nothing comes back that settles it. */
const restingStates: readonly SenderState[] = ['offline', 'unanswered', 'unexpected'];

/** `queued`: it is kept and will be sent; what becomes of it the queue tells. Rejects with the refusal, which then
 * stands nowhere else. */
export async function settleOrQueue<A>(action: Action<A>): Promise<'done' | 'queued'> {
  const queue = await client.queue();
  let end = () => {};
  const offline = new Promise<'queued'>((resolve) => {
    const look = () => {
      if (restingStates.includes(queue.status.state)) resolve('queued');
    };
    end = client.subscribe(look);
  });
  try {
    return await Promise.race([action.settled.then(() => 'done' as const), offline]);
  } catch (error) {
    if (isInterlockError(error)) await queue.discard(action.key);
    throw error;
  } finally {
    end();
    action.settled.catch(() => {}); // refused later: the queue shows it
  }
}
