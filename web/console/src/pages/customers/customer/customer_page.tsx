// SPDX-License-Identifier: Apache-2.0
import { useParams } from '@tanstack/react-router';
export function CustomerPage() {
  const { id } = useParams({ from: '/members/customers/$id' });
  return <div className="page">{id}</div>;
}
