// SPDX-License-Identifier: Apache-2.0
// What hangs on a partner or a product.

import type { RecordTab } from '../../../components/form/record_page';
import { useMay, useSettings } from '../../../session/session';

/** A tab that needs a permission, and perhaps a module. */
export interface OfferedTab extends RecordTab {
  readonly needs: string;
  readonly module?: string;
}

/** Those that this user may open. */
export function useOffered(tabs: readonly OfferedTab[]): readonly RecordTab[] {
  const may = useMay();
  const modules = useSettings()?.modules;
  return tabs.filter(({ needs, module }) => may(needs) && (!module || modules?.includes(module)));
}
