// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';

/** The one-time token behind the # of a link, where no server on the way sees it; taken out of the address at once. */
export function useLinkToken(): string {
  const [token] = useState(() => {
    const found = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
    if (found) history.replaceState(history.state, '', location.pathname);
    return found;
  });
  return token;
}
