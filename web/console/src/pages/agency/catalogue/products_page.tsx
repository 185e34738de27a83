// SPDX-License-Identifier: Apache-2.0
// All products that the partners offer.
import { useState } from 'react';
import { ListPage } from '../../../components/list_page';
import { TrashList } from '../../../components/trash_list';
import { useListSearch } from '../../../lib/list_search';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { ProductDialog, ProductList } from './product_list';

export function ProductsPage() {
  const t = useT();
  const may = useMay();
  const { search } = useListSearch();
  const [adding, setAdding] = useState(false);
  return (
    <ListPage
      title={t('products.title')}
      text={t('products.text')}
      searchText={t('products.search')}
      newText={t('products.add')}
      onNew={may('products.write') ? () => setAdding(true) : undefined}
    >
      {search.view === 'trash' ? (
        <TrashList collection="products" label={t('products.title')}>
          {(items, line) => items.map((one) => line(one, one.name))}
        </TrashList>
      ) : (
        <ProductList filter={search.q ? { q: search.q } : {}} />
      )}
      {adding && <ProductDialog onClose={() => setAdding(false)} />}
    </ListPage>
  );
}
