// SPDX-License-Identifier: Apache-2.0
// Every change, with who, when, from what to what.
import { type HistoryEntry, operationParts, type Page } from '@interlock/client';
import { useFormat } from '@interlock/react';
import { Button, Group, Paper, Select, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../client';
import { Icon } from '../../components/icon';
import { PageHead } from '../../components/page_head';
import { ErrorState, LoadingLines, Message } from '../../components/states';
import { useChangeTexts } from '../../lib/change_texts';
import { usePeople } from '../../lib/people';
import { useRecordNames } from '../../lib/record_names';
import { audit as auditTexts } from '../../texts/audit';
import { useT } from '../../texts/context';
import { Texts } from '../../texts/texts';
import { Changes, RecordLink, valuesOf } from './changes';

interface AuditEntry extends HistoryEntry {
  readonly collection: string;
  readonly id: string;
}

const pageEntries = 50;
const collections = Object.keys(auditTexts).flatMap((key) => (key.startsWith('records.') ? [key.slice(8)] : []));

export function AuditPage() {
  const t = useT();
  const people = usePeople();
  const [collection, setCollection] = useState<string | null>(null);
  const [actor, setActor] = useState<string | null>(null);
  const [operation, setOperation] = useState<string | null>(null);
  const audit = useInfiniteQuery({
    queryKey: ['audit', collection, actor, operation],
    queryFn: ({ pageParam, signal }) => {
      const wanted = { collection, actor, operation, cursor: pageParam, limit: String(pageEntries) };
      const query = Object.entries(wanted).filter((pair): pair is [string, string] => Boolean(pair[1]));
      return client.read<Page<AuditEntry>>({ method: 'GET', path: '/api/audit', query }, { signal });
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const entries = audit.data?.pages.flatMap(({ items }) => items) ?? [];
  const names = useNames();
  const operations = [...new Set(entries.map((one) => one.operation).concat(operation ?? []))].sort();
  return (
    <div className="page">
      <PageHead title={t('audit.title')} text={t('audit.text')}>
        <Button
          size="xs"
          variant="default"
          loading={audit.isRefetching}
          leftSection={<Icon name="restore" size={14} />}
          onClick={() => void audit.refetch()}
        >
          {t('audit.newer')}
        </Button>
      </PageHead>
      <Group gap="xs" mb="sm" className="filters">
        <Select
          size="xs"
          className="filter"
          clearable
          placeholder={t('audit.collection')}
          aria-label={t('audit.collection')}
          data={collections.map((name) => ({ value: name, label: names.records(name) }))}
          value={collection}
          onChange={setCollection}
        />
        <Select
          size="xs"
          className="filter"
          clearable
          searchable
          placeholder={t('audit.actor')}
          aria-label={t('audit.actor')}
          nothingFoundMessage={t('common.nothing_found')}
          data={people.all.map(({ id, name, email }) => ({ value: id, label: name || email }))}
          value={actor}
          onChange={setActor}
        />
        <Select
          size="xs"
          className="filter"
          clearable
          searchable
          placeholder={t('audit.operation')}
          aria-label={t('audit.operation')}
          data={operations.map((name) => ({ value: name, label: names.operation(name) }))}
          value={operation}
          onChange={setOperation}
        />
      </Group>
      <Paper className="table-card">
        {audit.isPending && <LoadingLines lines={10} />}
        {audit.error && <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />}
        {audit.data && entries.length === 0 && !audit.hasNextPage && (
          <Message icon="audit" title={t('audit.none')} text={t('audit.none_text')} />
        )}
        {entries.length > 0 && <AuditTable entries={entries} />}
        {audit.hasNextPage && (
          <Button
            variant="subtle"
            fullWidth
            loading={audit.isFetchingNextPage}
            onClick={() => void audit.fetchNextPage()}
          >
            {t('common.more')}
          </Button>
        )}
      </Paper>
    </div>
  );
}

/** What collections and operations are called; what has no name in the catalogue keeps its own. */
function useNames() {
  const t = useT();
  const nameOf = (key: string, own: string) => (Texts.has(key) ? t(key) : own);
  const records = (collection: string) => nameOf(`records.${collection}`, collection);
  const done = (operation: string) => nameOf(`done.${operationParts(operation).verb}`, operation);
  const operation = (name: string) => {
    const { collection } = operationParts(name);
    return Texts.has(`records.${collection}`) ? `${records(collection)}: ${done(name)}` : done(name);
  };
  return { records, done, operation };
}

/** A table; where there is no room for one, one below the other. */
function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const values = entries.flatMap(({ id, changes }) => [id, ...valuesOf(changes)]);
  const texts = useChangeTexts(values);
  const nameOf = useRecordNames(entries.map(({ id }) => id));
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  if (narrow) {
    return (
      <ul className="plain-list list-card">
        {entries.map((entry) => (
          <li key={entry.seq} className="row">
            <Text size="sm" fw={550}>
              {names.done(entry.operation)}
            </Text>
            <RecordLink id={entry.id} text={nameOf(entry.id)} />
            <Text size="xs" c="dimmed" mb={4}>
              {entry.actor.name || t('common.system')} · <time dateTime={entry.at}>{format.dateTime(entry.at)}</time>
            </Text>
            <Changes collection={entry.collection} changes={entry.changes} texts={texts} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing={8} className="table-top">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('audit.at')}</Table.Th>
            <Table.Th>{t('audit.actor')}</Table.Th>
            <Table.Th>{t('audit.operation')}</Table.Th>
            <Table.Th>{t('audit.changes')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.seq}>
              <Table.Td>
                <Text size="xs" c="dimmed" className="nowrap">
                  <time dateTime={entry.at}>{format.dateTime(entry.at)}</time>
                </Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm">{entry.actor.name || t('common.system')}</Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" title={entry.operation}>
                  {names.done(entry.operation)}
                </Text>
                <RecordLink id={entry.id} text={nameOf(entry.id)} />
              </Table.Td>
              <Table.Td>
                <Changes collection={entry.collection} changes={entry.changes} texts={texts} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
