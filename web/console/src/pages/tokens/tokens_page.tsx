// SPDX-License-Identifier: Apache-2.0
// Tokens with which programs work in somebody's name.
import type { Token } from '@interlock/client';
import { useFormat, useLiveQuery, useNameOf } from '@interlock/react';
import { Badge, Button, Paper, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../client';
import { ConfirmButton } from '../../components/confirm_button';
import { Icon } from '../../components/icon';
import { PageHead } from '../../components/page_head';
import { ErrorState, LoadingLines, Message } from '../../components/states';
import { useMay } from '../../session/session';
import { useT } from '../../texts/context';
import { TokenDialog } from './token_dialog';

function standing(token: Token): 'good' | 'revoked' | 'expired' {
  if (token.revoked_at) return 'revoked';
  return token.expires_at && Date.parse(token.expires_at) < Date.now() ? 'expired' : 'good';
}

export function TokensPage() {
  const t = useT();
  const may = useMay();
  const [making, setMaking] = useState(false);
  const { items, status, error, refresh, hasMore, fetchMore } = useLiveQuery('api-tokens', {
    sort: '-created_at',
    limit: 100,
  });
  const writes = may('api-tokens.write');
  const add = (
    <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setMaking(true)}>
      {t('tokens.new')}
    </Button>
  );
  return (
    <div className="page">
      <PageHead title={t('tokens.title')} text={t('tokens.text')}>
        {writes && add}
      </PageHead>
      <Paper className="table-card">
        {status === 'loading' && <LoadingLines />}
        {status === 'failed' && <ErrorState error={error} onRetry={refresh} />}
        {items.length === 0 && (status === 'live' || status === 'reconnecting') && (
          <Message icon="key" title={t('tokens.empty')} text={t('tokens.empty_text')}>
            {writes && add}
          </Message>
        )}
        {items.length > 0 && <TokenTable tokens={items} writes={writes} />}
        {hasMore && (
          <Button variant="subtle" fullWidth onClick={() => void fetchMore()}>
            {t('common.more')}
          </Button>
        )}
      </Paper>
      {making && <TokenDialog onClose={() => setMaking(false)} />}
    </div>
  );
}

function TokenTable({ tokens, writes }: { tokens: readonly Token[]; writes: boolean }) {
  const t = useT();
  const format = useFormat();
  const nameOf = useNameOf();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('tokens.name')}</Table.Th>
            <Table.Th>{t('tokens.owner')}</Table.Th>
            <Table.Th>{t('tokens.permissions')}</Table.Th>
            <Table.Th>{t('tokens.expires')}</Table.Th>
            <Table.Th>{t('common.status')}</Table.Th>
            <Table.Th aria-label={t('common.actions')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => {
            const state = standing(token);
            return (
              <Table.Tr key={token.id}>
                <Table.Td fw={550}>{token.name}</Table.Td>
                <Table.Td>{nameOf(token.user)}</Table.Td>
                <Table.Td>
                  <Text size="xs" ff="monospace" c="dimmed">
                    {token.permissions.join(', ')}
                  </Text>
                </Table.Td>
                <Table.Td>{token.expires_at ? format.date(token.expires_at) : t('tokens.never')}</Table.Td>
                <Table.Td>
                  <Badge color={state === 'good' ? 'teal' : 'gray'}>{t(`tokens.${state}`)}</Badge>
                </Table.Td>
                <Table.Td>
                  {writes && state === 'good' && (
                    <ConfirmButton
                      size="compact-xs"
                      variant="subtle"
                      color="red"
                      text={t('tokens.revoke')}
                      question={t('tokens.revoke_question', { name: token.name })}
                      more={t('tokens.revoke_text')}
                      onConfirm={() => client.operation('api-tokens/revoke', { id: token.id })}
                    />
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
