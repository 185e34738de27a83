// SPDX-License-Identifier: Apache-2.0
// The documents that an application needs, and which of them are there.
import type { ChecklistItem } from '@interlock/client';
import { useLiveQuery } from '@interlock/react';
import { Button, Checkbox, Group, Menu, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../../client';
import { CreateDialog } from '../../../components/form/create_dialog';
import { EditDialog } from '../../../components/form/edit_dialog';
import type { FieldSpec } from '../../../components/form/field_spec';
import { Icon } from '../../../components/icon';
import { ListState } from '../../../components/list_state';
import { RowMenu } from '../../../components/row_menu';
import { Row, Rows } from '../../../components/rows';
import { useAction } from '../../../lib/action';
import { useFormats } from '../../../lib/format';
import { settleOrQueue } from '../../../lib/perform';
import { tellDone, tellError } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT, useTexts } from '../../../texts/context';

const fields: readonly FieldSpec[] = [
  { name: 'name', label: 'checklist.name', kind: 'text', required: true },
  { name: 'required', label: 'checklist.required', kind: 'flag' },
];
const itemsMax = 200;
/** Room between two, so that one can be put in between. */
const positionStep = 10;

export function Checklist({ subject }: { subject: string }) {
  const t = useT();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<ChecklistItem>();
  const live = useLiveQuery('checklist-items', { subject, sort: 'position', limit: itemsMax });
  const { items } = live;
  const needed = items.filter(({ required }) => required);
  const there = needed.filter(({ received }) => received).length;
  const add = may('checklist-items.write') ? (
    <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setAdding(true)}>
      {t('checklist.add')}
    </Button>
  ) : undefined;
  return (
    <>
      {items.length > 0 && (
        <Group justify="space-between" className="list-head" wrap="nowrap">
          <div className="row-main">
            <Text size="sm">{t('checklist.there', { n: there, all: needed.length })}</Text>
            <Progress
              mt={6}
              maw={260}
              size="sm"
              color={there === needed.length ? 'teal' : 'accent'}
              value={needed.length === 0 ? 100 : (100 * there) / needed.length}
              aria-label={t('checklist.there', { n: there, all: needed.length })}
            />
          </div>
          {add}
        </Group>
      )}
      <ListState
        live={live}
        icon="audit"
        empty={t('checklist.empty')}
        emptyText={t('checklist.empty_text')}
        emptyAction={add}
      >
        <Rows label={t('checklist.title')}>
          {items.map((item) => (
            <ItemRow key={item.id} item={item} pending={live.pending.has(item.id)} onEdit={() => setEdited(item)} />
          ))}
        </Rows>
      </ListState>
      {adding && (
        <CreateDialog
          collection="checklist-items"
          title={t('checklist.add')}
          specs={fields}
          given={{ subject, position: (items.at(-1)?.position ?? 0) + positionStep }}
          onClose={() => setAdding(false)}
        />
      )}
      {edited && (
        <EditDialog
          collection="checklist-items"
          record={edited}
          specs={fields}
          title={t('checklist.edit')}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}

function ItemRow({ item, pending, onEdit }: { item: ChecklistItem; pending: boolean; onEdit: () => void }) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const formats = useFormats();
  const check = useAction(async (received: boolean) => {
    try {
      await settleOrQueue(await client.perform('checklist-items/update', { received }, { base: item }));
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  const remove = async () => {
    await client['checklist-items'].delete(item);
    tellDone(t('trash.moved', { name: item.name }));
  };
  const deletion = may('checklist-items.delete')
    ? { question: t('checklist.delete_question', { name: item.name }), more: t('trash.text'), work: remove }
    : undefined;
  return (
    <Row
      title={item.name}
      facts={[
        item.required ? undefined : t('common.optional'),
        item.received_at ? t('checklist.received_on', { at: formats.date(item.received_at) }) : t('checklist.missing'),
      ]}
      pending={pending}
      start={
        <Checkbox
          aria-label={t('checklist.check', { name: item.name })}
          checked={item.received}
          disabled={!may('checklist-items.write') || check.busy}
          onChange={(event) => void check.run(event.currentTarget.checked)}
        />
      }
    >
      <RowMenu name={item.name} deletion={deletion}>
        {may('checklist-items.write') && (
          <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onEdit}>
            {t('common.edit')}
          </Menu.Item>
        )}
      </RowMenu>
    </Row>
  );
}
