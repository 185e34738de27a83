// SPDX-License-Identifier: Apache-2.0
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The one-time token behind the # of a link, where no server on the way sees it; taken out of the address at once. A link
 * that is opened where its page is already open changes nothing but what stands behind the #.
 */
export function useLinkToken(): string {
  const navigate = useNavigate();
  const { hash } = useLocation();
  const [kept, setKept] = useState('');
  const found = new URLSearchParams(hash).get('token') ?? '';
  useEffect(() => {
    if (!found) return;
    setKept(found);
    void navigate({ to: '.', hash: '', replace: true });
  }, [found, navigate]);
  return found || kept;
}
