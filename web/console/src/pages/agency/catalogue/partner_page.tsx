// SPDX-License-Identifier: Apache-2.0
// One partner: what it offers, who is interested in that, who has applied.
import type { Partner } from '@interlock/client';
import { HistoryPanel } from '@interlock/react';
import { Anchor, Badge } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { RecordPage, RecordView } from '../../../components/form/record_page';
import { useHistoryViews } from '../../../lib/change_texts';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { ApplicationList } from '../applications/application_list';
import { NoteList } from '../notes/note_list';
import { ServiceList } from '../services/service_list';
import { partnerFields } from './fields';
import { PartnerMenu } from './partners_page';
import { ProductList } from './product_list';
import { type OfferedTab, useOffered } from './tabs';

export function PartnerPage() {
  const t = useT();
  const { id } = useParams({ from: '/members/partners/$id' });
  return (
    <RecordPage collection="partners" id={id} icon="building" back={{ to: '/partners', text: t('partners.title') }}>
      {(partner) => <PartnerView key={partner.id} partner={partner} />}
    </RecordPage>
  );
}

function PartnerView({ partner }: { partner: Partner }) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const { tab } = useSearch({ from: '/members/partners/$id' });
  const views = useHistoryViews('partners', partner);
  const { id } = partner;
  const tabs: readonly OfferedTab[] = [
    {
      name: 'services',
      text: t('services.title'),
      needs: 'interested-services.read',
      module: 'agency',
      content: <ServiceList filter={{ partner: id }} hide="partner" defaults={{ partner: id }} />,
    },
    {
      name: 'applications',
      text: t('applications.title'),
      needs: 'applications.read',
      module: 'agency',
      content: <ApplicationList filter={{ partner: id }} hide="partner" defaults={{ partner: id }} />,
    },
    {
      name: 'products',
      text: t('products.title'),
      needs: 'products.read',
      content: <ProductList filter={{ partner: id }} partner={id} />,
    },
    { name: 'notes', text: t('notes.title'), needs: 'notes.read', content: <NoteList subject={id} /> },
    {
      name: 'history',
      text: t('customer.history'),
      needs: 'partners.read',
      content: <HistoryPanel collection="partners" id={id} fields={views} />,
    },
  ];
  return (
    <RecordView
      collection="partners"
      record={partner}
      title={partner.name}
      badge={partner.active ? undefined : <Badge color="gray">{t('catalogue.inactive')}</Badge>}
      actions={<PartnerMenu partner={partner} variant="default" onDeleted={() => void navigate({ to: '/partners' })} />}
      specs={partnerFields}
      readOnly={!may('partners.write')}
      facts={
        /^https?:\/\//.test(partner.website)
          ? [
              {
                label: t('partners.website'),
                value: (
                  <Anchor href={partner.website} target="_blank" rel="noopener noreferrer" size="sm">
                    {partner.website.replace(/^https?:\/\/(www\.)?/, '')}
                  </Anchor>
                ),
              },
            ]
          : []
      }
      tabs={useOffered(tabs)}
      tab={tab}
    />
  );
}
