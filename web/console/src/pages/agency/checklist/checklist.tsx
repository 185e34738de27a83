// SPDX-License-Identifier: Apache-2.0
// The documents that an application needs, and which of them are there.
import type { ChecklistItem } from '@interlock/client';
import { useLiveQuery } from '@interlock/react';
import { Button, Group, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import { CreateDialog } from '../../../components/form/create_dialog';
import { EditDialog } from '../../../components/form/edit_dialog';
import type { FieldSpec } from '../../../components/form/field_spec';
import { Icon } from '../../../components/icon';
import { ListState } from '../../../components/list_state';
import { Rows } from '../../../components/rows';
import { useById } from '../../../lib/live_many';
import { useMay } from '../../../session/session';
import { useT, useTexts } from '../../../texts/context';
import { ChooseDocument } from './choose_document';
import { ItemRow } from './item_row';
import { thereText } from './there_text';

const fields: readonly FieldSpec[] = [
  { name: 'name', label: 'checklist.name', kind: 'text', required: true },
  { name: 'required', label: 'checklist.required', kind: 'flag' },
];
const itemsMax = 200;
/** Room between two, so that one can be put in between. */
const positionStep = 10;

interface Props {
  /** The application. */
  readonly subject: string;
  /** Whose documents may be chosen beside those of the application. */
  readonly customer: string;
}

export function Checklist({ subject, customer }: Props) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<ChecklistItem>();
  const [choosingFor, setChoosingFor] = useState<ChecklistItem>();
  const live = useLiveQuery('checklist-items', { subject, sort: 'position', limit: itemsMax });
  const { items } = live;
  const { find } = useById(
    'documents',
    items.map(({ document }) => document),
  );
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
            <Text size="sm">{thereText(texts, there, needed.length)}</Text>
            <Progress
              mt={6}
              maw={260}
              size="sm"
              color={there === needed.length ? 'teal' : 'accent'}
              value={needed.length === 0 ? 100 : (100 * there) / needed.length}
              aria-label={thereText(texts, there, needed.length)}
            />
          </div>
          {add}
        </Group>
      )}
      <ListState
        live={live}
        icon="audit"
        empty={t('checklist.empty')}
        emptyText={t(add ? 'checklist.empty_text' : 'common.empty_read')}
        emptyAction={add}
      >
        <Rows label={t('checklist.title')}>
          {items.map((item) => (
            <ItemRow
              key={item.id}
              subject={subject}
              item={item}
              document={find(item.document)}
              pending={live.pending.has(item.id)}
              onEdit={() => setEdited(item)}
              onChoose={() => setChoosingFor(item)}
            />
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
      {choosingFor && (
        <ChooseDocument
          item={choosingFor}
          subjects={[subject, customer]}
          taken={items.map(({ document }) => document)}
          onClose={() => setChoosingFor(undefined)}
        />
      )}
    </>
  );
}
