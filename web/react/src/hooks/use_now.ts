// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';

const everyMs = 30_000;

/** The time, drawn anew now and then, for texts like "5 minutes ago". */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
