// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** The one-time token behind the # of a link, where no server on the way sees it; taken out of the address at once. */
export function useLinkToken(): string {
  const navigate = useNavigate();
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  useEffect(() => {
    if (token) void navigate({ to: '.', hash: '', replace: true });
  }, [token, navigate]);
  return token;
}
