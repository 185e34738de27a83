// SPDX-License-Identifier: Apache-2.0
// The fields, changed in place. What is typed is a draft until it is saved: it outlives a conflict, a reload, a crash.
import type { Customer } from '@interlock/client';
import { ConflictDialog, Notice, ProblemMessage, type RecordEdit, useFormat, useNameOf } from '@interlock/react';
import { Button, Group, Paper, Select, Stack, TagsInput, Text, Textarea, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { usePeople } from '../../../lib/people';
import { useT } from '../../../texts/context';
import { useKnownTags } from '../known_tags';
import { useCustomerFields } from './fields';

interface Props {
  readonly customer: Customer;
  readonly edit: RecordEdit<Customer>;
  readonly readOnly: boolean;
}

export function Details({ customer, edit, readOnly }: Props) {
  const t = useT();
  const people = usePeople();
  const nameOf = useNameOf();
  const format = useFormat();
  const [tagging, setTagging] = useState(false);
  const tags = useKnownTags(tagging);
  const fields = useCustomerFields();
  const values = edit.values ?? customer;
  const save = () => void edit.save();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (edit.changed) save();
  };
  /** What others made of a field that is being typed in. */
  const noteOf = (field: keyof Customer) =>
    edit.clashing.includes(field)
      ? t('customer.changed_by_others', { value: String(customer[field] ?? '') || '—' })
      : undefined;
  const input = (name: 'name' | 'email' | 'phone' | 'address') => ({
    label: t(`field.${name}`),
    value: values[name],
    readOnly,
    description: noteOf(name),
    onChange: (event: { currentTarget: { value: string } }) => edit.set(name, event.currentTarget.value),
  });
  const known = new Set(people.active.map(({ id }) => id));
  const assigned = values.assigned_to;
  return (
    <Paper p="lg" component="section" aria-label={t('customer.details')} className="record-side">
      <form onSubmit={submit}>
        <Stack gap="sm" className="inline-form">
          <Title order={2}>{t('customer.details')}</Title>
          {edit.restored && <Notice tone="neutral" title={t('customer.restored')} />}
          <TextInput required withAsterisk={false} maxLength={200} {...input('name')} />
          <TextInput type="email" {...input('email')} />
          <TextInput type="tel" {...input('phone')} />
          <Select
            label={t('field.assigned_to')}
            placeholder={t('common.nobody')}
            searchable
            clearable={!readOnly}
            readOnly={readOnly}
            nothingFoundMessage={t('common.nothing_found')}
            description={
              noteOf('assigned_to') && t('customer.changed_by_others', { value: people.nameOf(customer.assigned_to) })
            }
            data={[
              ...people.active.map(({ id, name }) => ({ value: id, label: name })),
              ...(assigned && !known.has(assigned) ? [{ value: assigned, label: people.nameOf(assigned) }] : []),
            ]}
            value={assigned}
            onChange={(user) => edit.set('assigned_to', user)}
            clearButtonProps={{ 'aria-label': t('common.nobody') }}
          />
          <TagsInput
            label={t('field.tags')}
            placeholder={readOnly || values.tags.length > 0 ? undefined : t('field.tags_hint')}
            data={tags}
            readOnly={readOnly}
            onFocus={() => setTagging(true)}
            description={noteOf('tags')}
            value={[...values.tags]}
            onChange={(next) => edit.set('tags', next)}
          />
          <Textarea autosize minRows={1} maxRows={6} {...input('address')} />
          {edit.error !== undefined && !edit.conflict && (
            <ProblemMessage error={edit.error} onRetry={save} onResolve={edit.compare} />
          )}
          {edit.changed && !edit.kept && <Notice tone="warning" title={t('customer.not_kept')} />}
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
            {t('customer.made', { at: format.date(customer.created_at), name: nameOf(customer.created_by) })}
          </Text>
        </Stack>
      </form>
      <ConflictDialog conflict={edit.conflict} fields={fields} onResolve={edit.resolve} onCancel={edit.leaveConflict} />
    </Paper>
  );
}
