// SPDX-License-Identifier: Apache-2.0
// A new customer. What was typed is kept until it is saved, over a reload and a crash as well.
import { useDraft } from '@interlock/react';
import { Button, Group, Modal, Select, SimpleGrid, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { client } from '../../client';
import { FormError } from '../../components/form_error';
import { useAction } from '../../lib/action';
import { usePeople } from '../../lib/people';
import { settleOrQueue } from '../../lib/perform';
import { useStatuses } from '../../lib/statuses';
import { tellDone } from '../../lib/tell';
import { useSession } from '../../session/session';
import { useT } from '../../texts/context';
import { useKnownTags } from './known_tags';

const shownFields = ['name', 'email', 'phone', 'status', 'assigned_to', 'tags', 'address'];

interface Fields {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly status: string | null;
  readonly assigned_to: string | null;
  readonly tags: string[];
  readonly address: string;
}

export function CreateDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const statuses = useStatuses();
  const people = usePeople();
  const tags = useKnownTags(true);
  const me = useSession().user.id;
  const empty: Fields = { name: '', email: '', phone: '', status: null, assigned_to: me, tags: [], address: '' };
  const draft = useDraft<Fields>('customer:new', empty);
  const form = draft.value;
  const set = (part: Partial<Fields>) => draft.set({ ...form, ...part });

  const create = useAction(async () => {
    const { status, ...rest } = form;
    const action = await client.perform('customers/create', {
      ...rest,
      name: form.name.trim(),
      ...(status && { status }),
    });
    const outcome = await settleOrQueue(action);
    draft.clear();
    tellDone(t(outcome === 'done' ? 'customers.created' : 'customers.created_queued', { name: form.name.trim() }));
    onClose();
    if (action.id) await navigate({ to: '/customers/$id', params: { id: action.id } });
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void create.run();
  };
  const input = (name: 'name' | 'email' | 'phone' | 'address') => ({
    label: t(`field.${name}`),
    value: form[name],
    error: create.fieldError(name),
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('customers.new')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput data-autofocus required maxLength={200} {...input('name')} />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            <TextInput type="email" {...input('email')} />
            <TextInput type="tel" {...input('phone')} />
            <Select
              label={t('field.status')}
              placeholder={statuses.all[0] && statuses.label(statuses.all[0].name)}
              data={statuses.all.map(({ name }) => ({ value: name, label: statuses.label(name) }))}
              value={form.status}
              error={create.fieldError('status')}
              onChange={(status) => set({ status })}
              clearable
            />
            <Select
              label={t('field.assigned_to')}
              searchable
              clearable
              nothingFoundMessage={t('common.nothing_found')}
              data={people.active.map(({ id, name }) => ({ value: id, label: name }))}
              value={form.assigned_to}
              error={create.fieldError('assigned_to')}
              onChange={(assigned_to) => set({ assigned_to })}
            />
          </SimpleGrid>
          <TagsInput
            label={t('field.tags')}
            placeholder={t('field.tags_hint')}
            data={tags}
            value={form.tags}
            error={create.fieldError('tags')}
            onChange={(value) => set({ tags: value })}
          />
          <Textarea autosize minRows={2} maxRows={5} {...input('address')} />
          <FormError text={create.formError(shownFields)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.busy}>
              {t('common.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
