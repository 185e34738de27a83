// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';

/** The time, drawn anew now and then, for texts like "5 minutes ago". */
export function useNow(everyMs = 30_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
