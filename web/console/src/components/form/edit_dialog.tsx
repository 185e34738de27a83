// SPDX-License-Identifier: Apache-2.0
// Changes a record in a dialog, under the same check as in place: nobody's change is overwritten.
import type { LiveCollectionName, RecordOf } from '@interlock/client';
import { ConflictDialog, useLiveRecord, useRecordEdit } from '@interlock/react';
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent } from 'react';
import { useT } from '../../texts/context';
import { EditFields } from './edit_fields';
import type { FieldSpec } from './field_spec';
import { useFieldViews } from './field_views';

interface Props<C extends LiveCollectionName> {
  readonly collection: C;
  readonly record: RecordOf<C>;
  readonly specs: readonly FieldSpec[];
  readonly title: string;
  readonly onClose: () => void;
}

export function EditDialog<C extends LiveCollectionName>({ collection, record, specs, title, onClose }: Props<C>) {
  const t = useT();
  const live = useLiveRecord(collection, record.id);
  const current = live.record ?? record;
  const edit = useRecordEdit(collection, current);
  const views = useFieldViews(specs, current);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!edit.changed) return onClose();
    const result = await edit.save();
    if (result?.ok) onClose();
  };
  const cancel = () => {
    edit.revert();
    onClose();
  };
  return (
    <>
      <Modal
        opened={!edit.conflict}
        onClose={onClose}
        title={title}
        size="lg"
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="md">
            <EditFields<C> record={current} specs={specs} edit={edit} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={edit.busy} disabled={live.missing}>
                {t('common.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      <ConflictDialog
        conflict={edit.conflict}
        fields={views}
        onResolve={async (resolution) => {
          const result = await edit.resolve(resolution);
          if (!result || result.ok) onClose();
          return result;
        }}
        onCancel={edit.leaveConflict}
      />
    </>
  );
}
