// SPDX-License-Identifier: Apache-2.0
// Makes a new record. What is typed is kept until it is made, and without a network it is made later.
import type { CollectionName } from '@interlock/client';
import { useDraft } from '@interlock/react';
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent } from 'react';
import { client } from '../../client';
import { useAction } from '../../lib/action';
import { settleOrQueue } from '../../lib/perform';
import { tellDone } from '../../lib/tell';
import { useT } from '../../texts/context';
import { FormError } from '../form_error';
import { Fields } from './edit_fields';
import { FieldInput } from './field_input';
import { emptyValues, type FieldSpec, filledIn, type Values } from './field_spec';

interface Props {
  readonly collection: CollectionName;
  readonly title: string;
  readonly specs: readonly FieldSpec[];
  /** What the form begins with. */
  readonly initial?: Values;
  /** What is sent beside, and not shown: to what the new record belongs. */
  readonly given?: Values;
  /** Narrows what the picker of a field offers. */
  readonly filters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly onClose: () => void;
  /** With its id, also while it waits for the network. */
  readonly onCreated?: (id: string) => void;
}

/** What the server sets by itself: until it has answered, the new record is shown with this. */
const beginnings: { readonly [C in CollectionName]?: Values } = {
  'interested-services': { status: 'draft', partner: null, application: null },
  applications: { status: 'draft', partner: null, interested_service: null },
  tasks: { done: false, done_at: null, reminded_at: null, reminder: 'none' },
  'checklist-items': { received: false, received_at: null, document: null },
};

export function CreateDialog({ collection, title, specs, initial, given = {}, filters, onClose, onCreated }: Props) {
  const t = useT();
  const draft = useDraft<Values>(`${collection}:new:${Object.values(given).join()}`, {
    ...emptyValues(specs),
    ...initial,
  });
  const names = specs.map(({ name }) => name);
  const create = useAction(async () => {
    const request = { ...filledIn(draft.value), ...given };
    const expected = { ...emptyValues(specs), ...beginnings[collection], ...request };
    const create = `${collection}/create` as 'partners/create';
    const action = await client.perform(create, request as never, { optimistic: expected });
    const outcome = await settleOrQueue(action);
    draft.clear();
    tellDone(t(outcome === 'done' ? 'create.done' : 'create.queued'));
    onClose();
    if (action.id) onCreated?.(action.id);
  });
  const lacks = specs.some(({ required, name }) => required && filledIn(draft.value)[name] === undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!lacks) void create.run();
  };
  const input = (spec: FieldSpec) => (
    <FieldInput
      key={spec.name}
      spec={spec}
      values={draft.value}
      error={create.fieldError(spec.name)}
      filter={filters?.[spec.name]}
      autoFocus={spec === specs[0]}
      onChange={(value) => draft.set((before) => ({ ...before, [spec.name]: value }))}
    />
  );
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Fields specs={specs} input={input} />
          <FormError text={create.formError(names)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.busy} disabled={lacks}>
              {t('common.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
