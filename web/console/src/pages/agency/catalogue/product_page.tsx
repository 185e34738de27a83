// SPDX-License-Identifier: Apache-2.0
// One product: who is interested in it, who has applied for it.
import type { Product } from '@interlock/client';
import { HistoryPanel } from '@interlock/react';
import { Badge } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { RecordPage, RecordView } from '../../../components/form/record_page';
import { useHistoryViews } from '../../../lib/change_texts';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { ApplicationList } from '../applications/application_list';
import { useNames } from '../names';
import { ServiceList } from '../services/service_list';
import { productFields } from './fields';
import { Price, ProductMenu } from './product_list';
import { type OfferedTab, useOffered } from './tabs';

export function ProductPage() {
  const t = useT();
  const { id } = useParams({ from: '/members/products/$id' });
  return (
    <RecordPage collection="products" id={id} icon="tag" back={{ to: '/products', text: t('products.title') }}>
      {(product) => <ProductView key={product.id} product={product} />}
    </RecordPage>
  );
}

function ProductView({ product }: { product: Product }) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const { tab } = useSearch({ from: '/members/products/$id' });
  const names = useNames([product]);
  const views = useHistoryViews('products', product);
  const { id } = product;
  const tabs: readonly OfferedTab[] = [
    {
      name: 'services',
      text: t('services.title'),
      needs: 'interested-services.read',
      module: 'agency',
      content: <ServiceList filter={{ product: id }} hide="product" defaults={{ product: id }} />,
    },
    {
      name: 'applications',
      text: t('applications.title'),
      needs: 'applications.read',
      module: 'agency',
      content: <ApplicationList filter={{ product: id }} hide="product" defaults={{ product: id }} />,
    },
    {
      name: 'history',
      text: t('customer.history'),
      needs: 'products.read',
      content: <HistoryPanel collection="products" id={id} fields={views} />,
    },
  ];
  return (
    <RecordView
      collection="products"
      record={product}
      title={product.name}
      badge={product.active ? undefined : <Badge color="gray">{t('catalogue.inactive')}</Badge>}
      actions={<ProductMenu product={product} variant="default" onDeleted={() => void navigate({ to: '/products' })} />}
      specs={productFields}
      readOnly={!may('products.write')}
      facts={[
        {
          label: t('agency.partner'),
          value: (
            <Link to="/partners/$id" params={{ id: product.partner }} className="text-link">
              {names.partner(product.partner)}
            </Link>
          ),
        },
        { label: t('products.price'), value: <Price product={product} /> },
      ]}
      tabs={useOffered(tabs)}
      tab={tab}
    />
  );
}
