// SPDX-License-Identifier: Apache-2.0
// Without a mail server: the link of an invitation, for the inviter to hand over. It is in the answer once, and nowhere
// afterwards.
import type { User } from '@interlock/client';
import { useFormat } from '@interlock/react';
import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { client } from '../../client';
import { FormError } from '../../components/form_error';
import { Icon } from '../../components/icon';
import { LoadingLines } from '../../components/states';
import { useAction } from '../../lib/action';
import { useT } from '../../texts/context';

const mailPage = 'docs/operating/start.md';

interface Link {
  readonly address: string;
  readonly expiresAt: string;
}

export function InvitationLink({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useT();
  const [link, setLink] = useState<Link>();
  const make = useAction(async () => {
    const { token, expires_at } = await client.operation('users/invitation-link', { id: user.id });
    setLink({ address: `${location.origin}/invitation#token=${token}`, expiresAt: expires_at });
  });
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    void make.run();
  }, [make.run]);
  const error = make.formError();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('users.link_title', { name: user.name || user.email })}
      closeOnClickOutside={!link}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {link ? (
        <HandOver link={link} user={user} onClose={onClose} />
      ) : (
        <Stack>
          {!error && <LoadingLines />}
          <FormError text={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.close')}
            </Button>
            {error && (
              <Button loading={make.busy} onClick={() => void make.run()}>
                {t('common.retry')}
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function HandOver({ link, user, onClose }: { link: Link; user: User; onClose: () => void }) {
  const t = useT();
  const format = useFormat();
  return (
    <Stack>
      <Text size="sm">{t('users.link_text', { email: user.email, at: format.dateTime(link.expiresAt) })}</Text>
      <Code block className="secret">
        {link.address}
      </Code>
      <Alert color="yellow" icon={<Icon name="alert" />}>
        {t('users.link_once')}
      </Alert>
      <Text size="xs" c="dimmed">
        {t('users.link_mail', { page: mailPage })}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('common.close')}
        </Button>
        <CopyButton value={link.address}>
          {({ copied, copy }) => (
            <Button leftSection={<Icon name={copied ? 'check' : 'copy'} size={16} />} onClick={copy}>
              {t(copied ? 'common.copied' : 'common.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
}
