// SPDX-License-Identifier: Apache-2.0
// A new token: its secret is in the answer once, and nowhere afterwards.
import { useSyncMutation } from '@interlock/react';
import { Alert, Button, Code, CopyButton, Group, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FormError } from '../../components/form_error';
import { Icon } from '../../components/icon';
import { answerOf, useAction } from '../../lib/action';
import { useSession } from '../../session/session';
import { useT } from '../../texts/context';

const families = ['customers', 'comments', 'activities', 'users', 'statuses', 'settings', 'leases', 'audit', 'outbox'];
const rights = families.flatMap((family) => [`${family}.read`, `${family}.*`]);

export function TokenDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const own = useSession().user.permissions;
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<string[]>(['customers.read']);
  const [expires, setExpires] = useState('');
  const [secret, setSecret] = useState<string>();
  const create = useSyncMutation('api-tokens/create', { via: 'direct' });
  const make = useAction(async () => {
    const until = expires && { expires_at: new Date(`${expires}T23:59:59`).toISOString() };
    const answer = answerOf(await create.run({ name: name.trim(), permissions, ...until }));
    setSecret(answer.token);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void make.run();
  };
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(secret ? 'tokens.secret' : 'tokens.new')}
      closeOnClickOutside={!secret}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {secret ? (
        <Stack>
          <Alert color="yellow" icon={<Icon name="alert" />}>
            {t('tokens.secret_text')}
          </Alert>
          <Code block className="secret">
            {secret}
          </Code>
          <Group justify="flex-end" gap="xs">
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  leftSection={<Icon name={copied ? 'check' : 'copy'} size={16} />}
                  onClick={copy}
                >
                  {t(copied ? 'common.copied' : 'common.copy')}
                </Button>
              )}
            </CopyButton>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              data-autofocus
              label={t('tokens.name')}
              required
              withAsterisk={false}
              maxLength={200}
              value={name}
              error={make.fieldError('name')}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <MultiSelect
              label={t('tokens.permissions')}
              data={[...new Set([...rights, ...own.filter((one) => one !== '*')])].sort()}
              value={permissions}
              searchable
              error={make.fieldError('permissions')}
              onChange={setPermissions}
            />
            <TextInput
              type="date"
              label={`${t('tokens.expires')} (${t('common.optional')})`}
              min={tomorrow}
              value={expires}
              error={make.fieldError('expires_at')}
              onChange={(event) => setExpires(event.currentTarget.value)}
            />
            <Text size="xs" c="dimmed">
              {t('tokens.text')}
            </Text>
            <FormError text={make.formError(['name', 'permissions', 'expires_at'])} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={make.busy} disabled={permissions.length === 0}>
                {t('common.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
