// SPDX-License-Identifier: Apache-2.0
// Products of one partner, or of all.
import type { LiveListQuery, Product } from '@interlock/client';
import { useFormat, useLiveQuery } from '@interlock/react';
import { Badge, Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../../client';
import { CreateDialog } from '../../../components/form/create_dialog';
import { Icon } from '../../../components/icon';
import { ListState } from '../../../components/list_state';
import { RowMenu } from '../../../components/row_menu';
import { Row, Rows } from '../../../components/rows';
import { Tags } from '../../../components/tags';
import { tellDone } from '../../../lib/tell';
import { useMay, useSettings } from '../../../session/session';
import { useT } from '../../../texts/context';
import { type Names, useNames } from '../names';
import { pageItems } from '../queries';
import { newProductFields, productFields } from './fields';

interface Props {
  readonly filter: Pick<LiveListQuery<'products'>, 'partner' | 'q'>;
  /** The partner whose page this is. */
  readonly partner?: string;
}

export function ProductList({ filter, partner }: Props) {
  const t = useT();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const live = useLiveQuery('products', { ...filter, sort: 'name', limit: pageItems });
  const names = useNames(partner ? [] : live.items);
  const add =
    partner && may('products.write') ? (
      <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setAdding(true)}>
        {t('products.add')}
      </Button>
    ) : undefined;
  const isSearch = filter.q !== undefined;
  return (
    <>
      {add && live.items.length > 0 && (
        <Group justify="flex-end" className="list-head">
          {add}
        </Group>
      )}
      <ListState
        live={live}
        icon="tag"
        empty={t(isSearch ? 'common.nothing_found' : 'products.empty')}
        emptyText={t(
          isSearch ? 'customers.none_fit_text' : may('products.write') ? 'products.empty_text' : 'common.empty_read',
        )}
        emptyAction={add}
      >
        <Rows label={t('products.title')}>
          {live.items.map((one) => (
            <ProductRow
              key={one.id}
              product={one}
              names={partner ? undefined : names}
              pending={live.pending.has(one.id)}
            />
          ))}
        </Rows>
      </ListState>
      {adding && partner && <ProductDialog partner={partner} onClose={() => setAdding(false)} />}
    </>
  );
}

interface RowProps {
  readonly product: Product;
  readonly names: Names | undefined;
  readonly pending: boolean;
}

function ProductRow({ product, names, pending }: RowProps) {
  const t = useT();
  return (
    <Row
      title={product.name}
      to={`/products/${product.id}`}
      facts={[names?.partner(product.partner), product.kind, product.duration]}
      pending={pending}
    >
      {!product.active && <Badge color="gray">{t('catalogue.inactive')}</Badge>}
      {product.tags.length > 0 && <Tags tags={product.tags} shown={2} />}
      <span className="row-price">
        <Price product={product} />
      </span>
      <ProductMenu product={product} />
    </Row>
  );
}

export function Price({ product: { price_minor, currency } }: { product: Product }) {
  const t = useT();
  const format = useFormat();
  if (price_minor === null) return t('products.on_request');
  return format.money(price_minor, currency);
}

interface MenuProps {
  readonly product: Product;
  readonly variant?: 'default' | 'subtle';
  readonly onDeleted?: () => void;
}

export function ProductMenu({ product, variant, onDeleted }: MenuProps) {
  const t = useT();
  const may = useMay();
  const remove = async () => {
    await client.products.delete(product);
    tellDone(t('trash.moved', { name: product.name }));
    onDeleted?.();
  };
  if (!may('products.delete')) return null;
  const deletion = {
    question: t('record.delete_question', { name: product.name }),
    more: t('trash.text'),
    work: remove,
  };
  return <RowMenu name={product.name} deletion={deletion} {...(variant && { variant })} />;
}

/** A new product; of the given partner, or of one that is chosen. */
export function ProductDialog({ partner, onClose }: { partner?: string; onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const currency = useSettings()?.currency ?? '';
  return (
    <CreateDialog
      collection="products"
      title={t('products.add')}
      specs={partner ? productFields : newProductFields}
      initial={{ currency }}
      {...(partner && { given: { partner } })}
      onClose={onClose}
      onCreated={(id) => void navigate({ to: '/products/$id', params: { id } })}
    />
  );
}
