// SPDX-License-Identifier: Apache-2.0
import { nameOfAddition, useDraft } from '@interlock/react';
import { Button, Group, SegmentedControl, Stack, Textarea } from '@mantine/core';
import type { FormEvent } from 'react';
import { client } from '../../client';
import { useAction } from '../../lib/action';
import { settleOrQueue } from '../../lib/perform';
import { useT } from '../../texts/context';
import { FormError } from '../form_error';
import { useKindLabel } from './activity_item';

const kinds = ['call', 'email', 'meeting', 'note'] as const;

/** Something that was done: what kind, and in words. Kept while it is typed. */
export function ActivityForm({ subject }: { subject: string }) {
  const t = useT();
  const kindLabel = useKindLabel();
  const draft = useDraft(nameOfAddition('activities', subject), { kind: 'call', text: '' });
  const { kind, text } = draft.value;
  const add = useAction(async () => {
    const action = await client.perform('activities/create', {
      subject,
      kind,
      text: text.trim(),
      at: new Date().toISOString(),
    });
    draft.clear();
    try {
      await settleOrQueue(action);
    } catch (error) {
      draft.set({ kind, text });
      throw error;
    }
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) void add.run();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <SegmentedControl
          size="xs"
          className="self-start"
          aria-label={t('timeline.kind')}
          value={kind}
          onChange={(next) => draft.set({ kind: next, text })}
          data={kinds.map((one) => ({ value: one, label: kindLabel(one) }))}
        />
        <Textarea
          autosize
          minRows={2}
          maxRows={8}
          aria-label={t('timeline.text')}
          placeholder={t('timeline.text')}
          value={text}
          error={add.fieldError('text')}
          onChange={(event) => draft.set({ kind, text: event.currentTarget.value })}
          onKeyDown={(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && submit(event)}
        />
        <FormError text={add.formError(['text'])} />
        <Group justify="flex-end">
          <Button type="submit" size="xs" loading={add.busy} disabled={!text.trim()}>
            {t('timeline.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
