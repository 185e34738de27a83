// SPDX-License-Identifier: Apache-2.0
// One application: how far it is, until when, what is to be done, which documents are there.
import type { Application } from '@interlock/client';
import { CommentThread, HistoryPanel } from '@interlock/react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { RecordPage, type RecordTab, RecordView } from '../../../components/form/record_page';
import { useHistoryViews } from '../../../lib/change_texts';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { Checklist } from '../checklist/checklist';
import { DocumentList } from '../documents/document_list';
import { useNames } from '../names';
import { NoteList } from '../notes/note_list';
import { TaskList } from '../tasks/task_list';
import { applicationFields } from './application_fields';
import { ApplicationMenu } from './application_menu';
import { ApplicationStatusMenu } from './status_menu';

export function ApplicationPage() {
  const t = useT();
  const { id } = useParams({ from: '/members/applications/$id' });
  return (
    <RecordPage
      collection="applications"
      id={id}
      icon="audit"
      back={{ to: '/applications', text: t('applications.title') }}
    >
      {(application, pending) => <ApplicationView key={application.id} application={application} pending={pending} />}
    </RecordPage>
  );
}

function ApplicationView({ application, pending }: { application: Application; pending: boolean }) {
  const may = useMay();
  const navigate = useNavigate();
  const { tab } = useSearch({ from: '/members/applications/$id' });
  const names = useNames([application]);
  const product = names.product(application.product);
  return (
    <RecordView
      collection="applications"
      record={application}
      title={product}
      badge={<ApplicationStatusMenu application={application} pending={pending} />}
      actions={
        <ApplicationMenu
          application={application}
          name={product}
          variant="default"
          onDeleted={() => void navigate({ to: '/applications' })}
        />
      }
      specs={applicationFields}
      readOnly={!may('applications.write')}
      facts={useFacts(application)}
      tabs={useTabs(application)}
      tab={tab}
    />
  );
}

function useFacts({ customer, partner, product, interested_service }: Application) {
  const t = useT();
  const names = useNames([{ customer, partner, product }]);
  const link = (to: string, text: string) => (
    <Link to={to} className="text-link">
      {text}
    </Link>
  );
  return [
    { label: t('agency.customer'), value: link(`/customers/${customer}`, names.customer(customer)) },
    { label: t('agency.product'), value: link(`/products/${product}`, names.product(product)) },
    ...(partner ? [{ label: t('agency.partner'), value: link(`/partners/${partner}`, names.partner(partner)) }] : []),
    {
      label: t('applications.origin'),
      value: interested_service
        ? link(`/services/${interested_service}`, t('applications.from_service'))
        : t('applications.direct'),
    },
  ];
}

function useTabs(application: Application): RecordTab[] {
  const t = useT();
  const may = useMay();
  const { id, customer } = application;
  const views = useHistoryViews('applications', application);
  const tabs: readonly (RecordTab & { readonly needs: string })[] = [
    {
      name: 'checklist',
      needs: 'checklist-items.read',
      text: t('checklist.tab'),
      content: <Checklist subject={id} customer={customer} />,
    },
    {
      name: 'tasks',
      needs: 'tasks.read',
      text: t('tasks.title'),
      content: <TaskList filter={{ subject: id }} subject={id} />,
    },
    {
      name: 'documents',
      needs: 'documents.read',
      text: t('checklist.title'),
      content: <DocumentList subject={id} />,
    },
    { name: 'notes', needs: 'notes.read', text: t('notes.title'), content: <NoteList subject={id} /> },
    {
      name: 'comments',
      needs: 'comments.read',
      text: t('customer.comments'),
      content: <CommentThread subject={id} canWrite={may('comments.write')} />,
    },
    {
      name: 'history',
      needs: 'applications.read',
      text: t('customer.history'),
      content: <HistoryPanel collection="applications" id={id} fields={views} />,
    },
  ];
  return tabs.filter(({ needs }) => may(needs));
}
