// SPDX-License-Identifier: Apache-2.0
// How long a change took from its commit to this browser: by the newest customer's time. The clocks of both may differ;
// the shortest that was seen stands for that difference.
import { useEffect, useState } from 'react';
import { client } from '../../client';

const samplesMax = 60;

export function useFeedLag(): readonly number[] {
  const [lags, setLags] = useState<readonly number[]>([]);
  useEffect(() => {
    const live = client.live('customers', { sort: '-updated_at', limit: 1 });
    let seen: string | undefined;
    let difference = 0;
    return live.subscribe(() => {
      const newest = live.snapshot.items[0];
      if (!newest || live.snapshot.status !== 'live' || live.snapshot.pending.has(newest.id)) return;
      const first = seen === undefined;
      if (newest.updated_at === seen) return;
      seen = newest.updated_at;
      if (first) return; // it was there before this page
      const lag = Date.now() - Date.parse(seen);
      difference = Math.min(difference, lag);
      setLags((old) => [...old, lag - difference].slice(-samplesMax));
    });
  }, []);
  return lags;
}
