// SPDX-License-Identifier: Apache-2.0
// One interested service: what is wanted, by whom, and its conversion.
import type { InterestedService } from '@interlock/client';
import { HistoryPanel } from '@interlock/react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { client } from '../../../client';
import { RecordPage, RecordView } from '../../../components/form/record_page';
import { useHistoryViews } from '../../../lib/change_texts';
import { refreshed } from '../../../lib/live_many';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { ConversionMessage, ConvertButton } from '../conversion/conversion';
import { useConversion } from '../conversion/use_conversion';
import { useNames } from '../names';
import { NoteList } from '../notes/note_list';
import { ServiceStatus } from '../status';
import { serviceFields } from './service_dialog';
import { ServiceMenu } from './service_rows';

export function ServicePage() {
  const t = useT();
  const { id } = useParams({ from: '/members/services/$id' });
  return (
    <RecordPage
      collection="interested-services"
      id={id}
      icon="tag"
      back={{ to: '/services', text: t('services.title') }}
    >
      {(service) => <ServiceView key={service.id} service={service} />}
    </RecordPage>
  );
}

function ServiceView({ service }: { service: InterestedService }) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const { tab } = useSearch({ from: '/members/services/$id' });
  const names = useNames([service]);
  const conversion = useConversion(service, () => refreshed(client.liveRecord('interested-services', service.id)));
  const product = names.product(service.product);
  const specs = serviceFields(service);
  const views = useHistoryViews('interested-services', service);
  return (
    <RecordView
      collection="interested-services"
      record={service}
      title={product}
      badge={<ServiceStatus status={service.status} />}
      actions={
        <>
          <ConvertButton service={service} conversion={conversion} />
          <ServiceMenu
            service={service}
            name={product}
            variant="default"
            onDeleted={() => void navigate({ to: '/services' })}
          />
        </>
      }
      notice={<ConversionMessage service={service} conversion={conversion} />}
      specs={specs}
      readOnly={!may('interested-services.write')}
      facts={[
        {
          label: t('agency.customer'),
          value: (
            <Link to="/customers/$id" params={{ id: service.customer }} className="text-link">
              {names.customer(service.customer)}
            </Link>
          ),
        },
        {
          label: t('agency.partner'),
          value: service.partner ? (
            <Link to="/partners/$id" params={{ id: service.partner }} className="text-link">
              {names.partner(service.partner)}
            </Link>
          ) : (
            '—'
          ),
        },
      ]}
      tabs={[
        ...(may('notes.read')
          ? [{ name: 'notes', text: t('notes.title'), content: <NoteList subject={service.id} /> }]
          : []),
        {
          name: 'history',
          text: t('customer.history'),
          content: <HistoryPanel collection="interested-services" id={service.id} fields={views} />,
        },
      ]}
      tab={tab}
    />
  );
}
