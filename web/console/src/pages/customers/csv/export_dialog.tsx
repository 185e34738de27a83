// SPDX-License-Identifier: Apache-2.0
// What the list shows, as a CSV file; page by page, so that ten thousand rows need no patience of the server.
import type { Customer } from '@interlock/client';
import { Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { client } from '../../../client';
import { FormError } from '../../../components/form_error';
import { useAction } from '../../../lib/action';
import { usePeople } from '../../../lib/people';
import { tellDone } from '../../../lib/tell';
import { useT, useTexts } from '../../../texts/context';
import { type CustomerSearch, listQuery } from '../search';
import { csvLine, listSeparator } from './cells';

const pageRows = 1_000;
/** The byte order mark tells spreadsheets that the file is UTF-8. */
const mark = '\ufeff';

export function ExportDialog({ search, onClose }: { search: CustomerSearch; onClose: () => void }) {
  const t = useT();
  const texts = useTexts();
  const people = usePeople();
  const [rows, setRows] = useState(0);
  const stop = useRef(new AbortController());
  const lineOf = (one: Customer) =>
    csvLine([
      one.id,
      one.name,
      one.email,
      one.phone,
      one.status,
      one.assigned_to ? people.nameOf(one.assigned_to) : '',
      one.tags.join(listSeparator),
      one.address,
      one.created_at,
      one.updated_at,
    ]);
  const run = useAction(async () => {
    const { signal } = stop.current;
    const heading = [
      'id',
      'name',
      'email',
      'phone',
      'status',
      'assigned_to',
      'tags',
      'address',
      'created_at',
      'updated_at',
    ];
    const parts = [mark, csvLine(heading)];
    for await (const one of client.customers.each(listQuery(search, pageRows), { signal })) {
      if (parts.push(lineOf(one)) % pageRows === 0) setRows(parts.length - 2);
    }
    save(parts, 'customers.csv');
    tellDone(texts.count('customers.exported', parts.length - 2));
    onClose();
  });
  const { run: begin } = run;
  useEffect(() => {
    void begin();
  }, [begin]);
  const close = () => {
    stop.current.abort();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t('customers.export')}
      size="sm"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        {run.busy && (
          <Group gap="sm">
            <Loader size="sm" />
            <Text size="sm" role="status">
              {texts.count('customers.shown', rows)}
            </Text>
          </Group>
        )}
        <FormError text={run.formError()} />
        <Group justify="flex-end" gap="xs">
          {run.error !== undefined && <Button onClick={() => void begin()}>{t('common.retry')}</Button>}
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function save(parts: string[], name: string): void {
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
