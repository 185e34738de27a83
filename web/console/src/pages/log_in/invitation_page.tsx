// SPDX-License-Identifier: Apache-2.0
// Whoever was invited comes in: with a new account, or with the one that they have.
import { Refusal } from '@interlock/client';
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client } from '../../client';
import { FormError } from '../../components/form_error';
import { ErrorState, LoadingPage } from '../../components/states';
import { useAction } from '../../lib/action';
import { errorText } from '../../lib/error_text';
import { useLinkToken } from '../../lib/link_token';
import { forgetEverything } from '../../session/session';
import { useT, useTexts } from '../../texts/context';
import { Entrance } from './entrance';
import { LinkMissing } from './link_missing';
import { passwordCharactersMin } from './new_password';

/** What it says, to whoever has its link. */
interface Invitation {
  readonly tenant_name: string;
  /** Empty: it was made on the command line. */
  readonly invited_by: string;
  readonly name: string;
  readonly email: string;
  readonly has_password: boolean;
}

export function InvitationPage() {
  const token = useLinkToken();
  return token ? <GoodLink key={token} token={token} /> : <LinkMissing />;
}

function GoodLink({ token }: { token: string }) {
  const t = useT();
  const texts = useTexts();
  const { data, error, refetch } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () =>
      client.call<Invitation>({ method: 'POST', path: '/api/invitations/show', body: { token } }, { retry: false }),
    // Once it is accepted there is nothing to ask for any more.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (data) return <InvitationForm token={token} invitation={data} />;
  if (!error) return <LoadingPage />;
  if (!(error instanceof Refusal)) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <Entrance title={t('invitation.title')}>
      <FormError text={errorText(texts, error)} />
      <Button component={Link} to="/" variant="default">
        {t('log_in.to_log_in')}
      </Button>
    </Entrance>
  );
}

function InvitationForm({ token, invitation }: { token: string; invitation: Invitation }) {
  const t = useT();
  const navigate = useNavigate();
  const { email, has_password: isKnown, invited_by: inviter, tenant_name: company } = invitation;
  const [name, setName] = useState(invitation.name);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const accept = useAction(async () => {
    const body = { token, password, ...(name.trim() && { name: name.trim() }) };
    await client.call({ method: 'POST', path: '/api/invitations/accept', body });
    await forgetEverything();
    await navigate({ to: '/' });
  });
  const isShort = password.length < (isKnown ? 1 : passwordCharactersMin);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isShort) void accept.run();
  };
  const short = isKnown ? t('field.missing') : t('password.short', { n: passwordCharactersMin });
  return (
    <Entrance
      title={t('invitation.title')}
      text={inviter ? t('invitation.from', { name: inviter, company }) : t('invitation.into', { company })}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text size="sm">{t(isKnown ? 'invitation.known_text' : 'invitation.text', { email })}</Text>
          <TextInput
            label={t('invitation.name')}
            autoComplete="name"
            value={name}
            error={accept.fieldError('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('log_in.password')}
            description={isKnown || (tried && isShort) ? undefined : t('password.rules', { n: passwordCharactersMin })}
            autoComplete={isKnown ? 'current-password' : 'new-password'}
            required
            withAsterisk={false}
            value={password}
            error={tried && isShort ? short : accept.fieldError('password')}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <FormError text={accept.formError(['name', 'password'])} />
          <Button type="submit" loading={accept.busy}>
            {t('invitation.accept')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
