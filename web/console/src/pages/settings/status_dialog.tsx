// SPDX-License-Identifier: Apache-2.0
import type { Status } from '@interlock/client';
import { useSyncMutation } from '@interlock/react';
import { Button, Group, Modal, MultiSelect, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FormError } from '../../components/form_error';
import { answerOf, useAction } from '../../lib/action';
import { useStatuses } from '../../lib/statuses';
import { useT } from '../../texts/context';

const types = ['open', 'ongoing', 'won', 'lost'] as const;
const shownFields = ['name', 'type', 'position', 'moves'];

/** A new status, or what may be changed of one. */
export function StatusDialog({ status, onClose }: { status?: Status; onClose: () => void }) {
  const t = useT();
  const statuses = useStatuses();
  const last = statuses.all.at(-1)?.position ?? 0;
  const [form, setForm] = useState({
    name: '',
    type: status?.type ?? ('ongoing' as Status['type']),
    position: status?.position ?? last + 10,
    moves: status ? [...status.moves] : [],
  });
  const create = useSyncMutation('statuses/create', { via: 'direct' });
  const update = useSyncMutation('statuses/update', { via: 'direct' });
  const save = useAction(async () => {
    const { name, ...rest } = form;
    if (status) answerOf(await update.run({ id: status.id, version: status.version, ...rest }));
    else answerOf(await create.run({ collection: 'customers', name: name.trim(), ...rest }));
    onClose();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save.run();
  };
  const others = statuses.all.filter(({ name }) => name !== status?.name);
  return (
    <Modal
      opened
      onClose={onClose}
      title={status ? t('settings.status_edit', { name: statuses.label(status.name) }) : t('settings.status_new')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          {!status && (
            <TextInput
              data-autofocus
              label={t('settings.status_name')}
              description={t('settings.status_name_text')}
              required
              withAsterisk={false}
              maxLength={64}
              value={form.name}
              error={save.fieldError('name')}
              onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
            />
          )}
          <Select
            label={t('settings.status_type')}
            allowDeselect={false}
            data={types.map((type) => ({ value: type, label: t(`status_type.${type}`) }))}
            value={form.type}
            error={save.fieldError('type')}
            onChange={(type) => type && setForm({ ...form, type: type as Status['type'] })}
          />
          <MultiSelect
            label={t('settings.status_moves')}
            data={others.map(({ name }) => ({ value: name, label: statuses.label(name) }))}
            value={form.moves}
            error={save.fieldError('moves')}
            onChange={(moves) => setForm({ ...form, moves })}
          />
          <NumberInput
            label={t('settings.status_position')}
            min={0}
            max={1_000_000}
            step={10}
            allowDecimal={false}
            value={form.position}
            error={save.fieldError('position')}
            onChange={(position) => setForm({ ...form, position: Number(position) || 0 })}
          />
          <FormError text={save.formError(shownFields)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.busy}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
