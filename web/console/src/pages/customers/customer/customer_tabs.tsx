// SPDX-License-Identifier: Apache-2.0
// What hangs on a customer, a tab each; the address keeps which one is open.
import type { Customer } from '@interlock/client';
import { CommentThread, HistoryPanel } from '@interlock/react';
import { Paper, Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ErrorBoundary } from '../../../components/error_boundary';
import { Timeline } from '../../../components/timeline/timeline';
import { useHistoryViews } from '../../../lib/change_texts';
import { useMay, useSettings } from '../../../session/session';
import { useT } from '../../../texts/context';
import type { TextKey } from '../../../texts/texts';
import { ApplicationList } from '../../agency/applications/application_list';
import { DocumentList } from '../../agency/documents/document_list';
import { NoteList } from '../../agency/notes/note_list';
import { ServiceList } from '../../agency/services/service_list';
import { TaskList } from '../../agency/tasks/task_list';

interface Tab {
  readonly name: string;
  readonly text: TextKey;
  /** The permission, and the module, that it needs. */
  readonly needs: string;
  readonly module?: string;
  readonly content: (customer: Customer) => ReactNode;
}

const tabs: readonly Tab[] = [
  {
    name: 'services',
    text: 'services.title',
    needs: 'interested-services.read',
    module: 'agency',
    content: ({ id }) => <ServiceList filter={{ customer: id }} hide="customer" defaults={{ customer: id }} />,
  },
  {
    name: 'applications',
    text: 'applications.title',
    needs: 'applications.read',
    module: 'agency',
    content: ({ id }) => <ApplicationList filter={{ customer: id }} hide="customer" defaults={{ customer: id }} />,
  },
  {
    name: 'comments',
    text: 'customer.comments',
    needs: 'comments.read',
    content: ({ id }) => <Comments subject={id} />,
  },
  {
    name: 'timeline',
    text: 'customer.timeline',
    needs: 'activities.read',
    content: ({ id }) => <Timeline subject={id} />,
  },
  {
    name: 'tasks',
    text: 'tasks.title',
    needs: 'tasks.read',
    content: ({ id }) => <TaskList filter={{ subject: id }} subject={id} />,
  },
  {
    name: 'documents',
    text: 'checklist.title',
    needs: 'documents.read',
    content: ({ id }) => <DocumentList subject={id} />,
  },
  { name: 'notes', text: 'notes.title', needs: 'notes.read', content: ({ id }) => <NoteList subject={id} /> },
  { name: 'history', text: 'customer.history', needs: 'customers.read', content: (one) => <History customer={one} /> },
];

export function CustomerTabs({ customer }: { customer: Customer }) {
  const t = useT();
  const may = useMay();
  const modules = useSettings()?.modules;
  const navigate = useNavigate();
  const { tab } = useSearch({ from: '/members/customers/$id' });
  const shown = tabs.filter(({ needs, module }) => may(needs) && (!module || modules?.includes(module)));
  const open = shown.find(({ name }) => name === tab) ?? shown[0];
  if (!open) return null;
  const change = (name: string | null) =>
    void navigate({
      to: '/customers/$id',
      params: { id: customer.id },
      search: name ? { tab: name } : {},
      replace: true,
    });
  return (
    <Paper className="record-main" component="section">
      <Tabs value={open.name} onChange={change}>
        <Tabs.List className="tabs-list">
          {shown.map(({ name, text }) => (
            <Tabs.Tab key={name} value={name}>
              {t(text)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(({ name, content }) => (
          <Tabs.Panel key={name} value={name} p="lg">
            <ErrorBoundary resetKey={name}>{content(customer)}</ErrorBoundary>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Paper>
  );
}

function Comments({ subject }: { subject: string }) {
  return <CommentThread subject={subject} canWrite={useMay()('comments.write')} />;
}

function History({ customer }: { customer: Customer }) {
  return <HistoryPanel collection="customers" id={customer.id} fields={useHistoryViews('customers', customer)} />;
}
