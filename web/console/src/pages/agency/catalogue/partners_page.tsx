// SPDX-License-Identifier: Apache-2.0
// The partners: schools, insurers, and whoever else offers products.
import type { Partner } from '@interlock/client';
import { useLiveQuery } from '@interlock/react';
import { Badge } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../../client';
import { CreateDialog } from '../../../components/form/create_dialog';
import { ListPage } from '../../../components/list_page';
import { ListState } from '../../../components/list_state';
import { Person } from '../../../components/person';
import { RowMenu } from '../../../components/row_menu';
import { Row, Rows } from '../../../components/rows';
import { Tags } from '../../../components/tags';
import { TrashList } from '../../../components/trash_list';
import { useListSearch } from '../../../lib/list_search';
import { usePeople } from '../../../lib/people';
import { tellDone } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { pageItems } from '../queries';
import { partnerFields } from './fields';

export function PartnersPage() {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const { search } = useListSearch();
  const [adding, setAdding] = useState(false);
  return (
    <ListPage
      title={t('partners.title')}
      text={t('partners.page_text')}
      searchText={t('partners.search')}
      newText={t('partners.add')}
      onNew={may('partners.write') ? () => setAdding(true) : undefined}
    >
      {search.view === 'trash' ? (
        <TrashList collection="partners" label={t('partners.title')}>
          {(items, line) => items.map((one) => line(one, one.name))}
        </TrashList>
      ) : (
        <PartnerList q={search.q} />
      )}
      {adding && (
        <CreateDialog
          collection="partners"
          title={t('partners.add')}
          specs={partnerFields}
          onClose={() => setAdding(false)}
          onCreated={(id) => void navigate({ to: '/partners/$id', params: { id } })}
        />
      )}
    </ListPage>
  );
}

function PartnerList({ q }: { q: string | undefined }) {
  const t = useT();
  const may = useMay();
  const live = useLiveQuery('partners', { sort: 'name', limit: pageItems, ...(q && { q }) });
  return (
    <ListState
      live={live}
      icon="building"
      empty={t(q ? 'common.nothing_found' : 'partners.empty')}
      emptyText={t(q ? 'customers.none_fit_text' : may('partners.write') ? 'partners.empty_text' : 'common.empty_read')}
    >
      <Rows label={t('partners.title')}>
        {live.items.map((one) => (
          <PartnerRow key={one.id} partner={one} pending={live.pending.has(one.id)} />
        ))}
      </Rows>
    </ListState>
  );
}

function PartnerRow({ partner, pending }: { partner: Partner; pending: boolean }) {
  const t = useT();
  const people = usePeople();
  return (
    <Row
      title={partner.name}
      to={`/partners/${partner.id}`}
      facts={[partner.kind, partner.contact, partner.email, partner.phone]}
      pending={pending}
    >
      {!partner.active && <Badge color="gray">{t('catalogue.inactive')}</Badge>}
      {partner.tags.length > 0 && <Tags tags={partner.tags} shown={2} />}
      <span className="row-person">
        <Person name={people.nameOf(partner.assigned_to)} dimmed={!partner.assigned_to} />
      </span>
      <PartnerMenu partner={partner} />
    </Row>
  );
}

interface MenuProps {
  readonly partner: Partner;
  readonly variant?: 'default' | 'subtle';
  readonly onDeleted?: () => void;
}

export function PartnerMenu({ partner, variant, onDeleted }: MenuProps) {
  const t = useT();
  const may = useMay();
  const remove = async () => {
    await client.partners.delete(partner);
    tellDone(t('trash.moved', { name: partner.name }));
    onDeleted?.();
  };
  if (!may('partners.delete')) return null;
  const deletion = {
    question: t('record.delete_question', { name: partner.name }),
    more: t('trash.text'),
    work: remove,
  };
  return <RowMenu name={partner.name} deletion={deletion} {...(variant && { variant })} />;
}
