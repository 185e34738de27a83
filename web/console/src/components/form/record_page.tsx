// SPDX-License-Identifier: Apache-2.0
// The page of one record: way back, name, state, its fields changed in place, and what hangs on it as tabs.
import type { LiveCollectionName, RecordOf } from '@interlock/client';
import {
  ConflictDialog,
  PresenceNote,
  useFormat,
  useLease,
  useLiveRecord,
  useNameOf,
  useRecordEdit,
} from '@interlock/react';
import { Anchor, Button, Group, Paper, Stack, Tabs, Text, Title } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect } from 'react';
import { isNoId } from '../../lib/error_text';
import { useT } from '../../texts/context';
import { ErrorBoundary } from '../error_boundary';
import { Icon, type IconName } from '../icon';
import { ErrorState, LoadingLines, Message } from '../states';
import { EditFields } from './edit_fields';
import type { FieldSpec } from './field_spec';
import { useFieldViews } from './field_views';

export interface RecordTab {
  readonly name: string;
  readonly text: string;
  readonly content: ReactNode;
}

interface PageProps<C extends LiveCollectionName> {
  readonly collection: C;
  readonly id: string;
  readonly icon: IconName;
  readonly back: { readonly to: string; readonly text: string };
  readonly children: (record: RecordOf<C>, pending: boolean) => ReactNode;
}

/** Loads the record, and says so where there is none. */
export function RecordPage<C extends LiveCollectionName>({ collection, id, icon, back, children }: PageProps<C>) {
  const t = useT();
  const { status, record, missing, error, isPending, refresh } = useLiveRecord(collection, id);
  const isNone = missing || isNoId(error);
  return (
    <div className="page">
      <Anchor component={Link} to={back.to} size="sm" className="back-link">
        <Icon name="left" size={14} />
        {back.text}
      </Anchor>
      {record ? (
        children(record, isPending)
      ) : isNone ? (
        <Message icon={icon} title={t('record.missing')} text={t('customer.missing_text')}>
          <Button component={Link} to={back.to} variant="default">
            {t('customer.to_list')}
          </Button>
        </Message>
      ) : status === 'failed' ? (
        <ErrorState error={error} onRetry={() => void refresh()} />
      ) : (
        <LoadingLines lines={8} />
      )}
    </div>
  );
}

interface ViewProps<C extends LiveCollectionName> {
  readonly collection: C;
  readonly record: RecordOf<C> & { readonly created_at: string; readonly created_by: string | null };
  readonly title: string;
  /** Beside the title: the state. */
  readonly badge?: ReactNode;
  /** At the end of the head: buttons. */
  readonly actions?: ReactNode;
  /** Below the head. */
  readonly notice?: ReactNode;
  readonly specs: readonly FieldSpec[];
  readonly readOnly: boolean;
  /** What is shown above the fields and not changed here. */
  readonly facts?: readonly { readonly label: string; readonly value: ReactNode }[];
  readonly tabs: readonly RecordTab[];
  readonly tab: string | undefined;
}

/** The record: fields at the side, tabs beside them. */
export function RecordView<C extends LiveCollectionName>(props: ViewProps<C>) {
  const { collection, record, title, badge, actions, notice, specs, readOnly, facts = [], tabs, tab } = props;
  const t = useT();
  const nameOf = useNameOf();
  const format = useFormat();
  const edit = useRecordEdit(collection, record);
  const views = useFieldViews(specs, record as RecordOf<C>);
  const editing = edit.changed || edit.conflict !== undefined;
  const lease = useLease(record.id, { hold: editing });
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (edit.changed) void edit.save();
  };
  return (
    <>
      <Group justify="space-between" align="flex-start" mb="xs" gap="sm" mt={6} wrap="nowrap">
        <Group gap="sm" align="center">
          <Title order={1}>{title}</Title>
          {badge}
        </Group>
        {actions && (
          <Group gap="xs" wrap="nowrap">
            {actions}
          </Group>
        )}
      </Group>
      {notice}
      <PresenceNote subject={record.id} state={editing ? 'editing' : 'viewing'} lease={lease} />
      <div className="record">
        <Paper p="lg" component="section" aria-label={t('customer.details')} className="record-side">
          <form onSubmit={submit}>
            <Stack gap="sm" className="inline-form">
              <Title order={2}>{t('customer.details')}</Title>
              {facts.length > 0 && <Facts facts={facts} />}
              <EditFields<C> record={record} specs={specs} edit={edit} readOnly={readOnly} narrow />
              {edit.changed && (
                <Group gap="xs" className="save-bar">
                  <Button type="submit" size="xs" loading={edit.busy}>
                    {t('common.save')}
                  </Button>
                  <Button size="xs" variant="default" disabled={edit.busy} onClick={edit.revert}>
                    {t('customer.revert')}
                  </Button>
                </Group>
              )}
              <Text size="xs" c="dimmed">
                {t('customer.made', { at: format.date(record.created_at), name: nameOf(record.created_by) })}
              </Text>
            </Stack>
          </form>
          <ConflictDialog
            conflict={edit.conflict}
            fields={views}
            onResolve={edit.resolve}
            onCancel={edit.leaveConflict}
          />
        </Paper>
        <RecordTabs tabs={tabs} open={tab} />
      </div>
    </>
  );
}

function Facts({ facts }: { facts: readonly { readonly label: string; readonly value: ReactNode }[] }) {
  return (
    <dl className="facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Tabs; the address keeps which one is open. */
export function RecordTabs({ tabs, open }: { tabs: readonly RecordTab[]; open: string | undefined }) {
  const navigate = useNavigate();
  const shown = tabs.find(({ name }) => name === open) ?? tabs[0];
  if (!shown) return null;
  const change = (name: string | null) =>
    void navigate({ to: '.', search: (name ? { tab: name } : {}) as never, replace: true });
  return (
    <Paper className="record-main" component="section">
      <Tabs value={shown.name} onChange={change}>
        <Tabs.List className="tabs-list">
          {tabs.map(({ name, text }) => (
            <Tabs.Tab key={name} value={name}>
              {text}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, content }) => (
          <Tabs.Panel key={name} value={name} p="lg">
            <ErrorBoundary resetKey={name}>{content}</ErrorBoundary>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Paper>
  );
}
