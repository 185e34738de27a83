// SPDX-License-Identifier: Apache-2.0
// First start: the first company and its owner, by the link that the server printed.
import { Button, Divider, Radio, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { client, queries } from '../../client';
import { FormError } from '../../components/form_error';
import { ErrorState, LoadingPage } from '../../components/states';
import { useAction } from '../../lib/action';
import { useLinkToken } from '../../lib/link_token';
import { askServer } from '../../session/server_state';
import { forgetEverything } from '../../session/session';
import { useT, useTexts } from '../../texts/context';
import { Entrance } from '../log_in/entrance';
import { NewPassword, passwordsAgree } from '../log_in/new_password';
import { currenciesOf, withOwn, zonesOf } from '../settings/choices';
import { type Purpose, purposes } from './purposes';

/** A short name from a company's name: `Café Zürich` is `cafe-zurich`. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

export function SetUpPage() {
  const t = useT();
  const token = useLinkToken();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['server'], queryFn: askServer });
  if (isPending) return <LoadingPage />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data.needs_set_up) {
    return (
      <Entrance title={t('set_up.done')} text={t('set_up.done_text')}>
        <Button component={Link} to="/">
          {t('log_in.to_log_in')}
        </Button>
      </Entrance>
    );
  }
  if (!token) return <Entrance title={t('set_up.title')} text={t('set_up.link_text')} />;
  return <SetUpForm token={token} />;
}

/** What the form shows: a refusal of anything else stands below it. */
const shownFields = ['tenant_name', 'slug', 'modules', 'time_zone', 'currency', 'name', 'email', 'password'];

/** What the company begins with, and may change in its settings. */
interface Place {
  readonly purpose: Purpose;
  readonly time_zone: string;
  readonly currency: string;
}

function SetUpForm({ token }: { token: string }) {
  const t = useT();
  const { language } = useTexts();
  const navigate = useNavigate();
  const [form, setForm] = useState({ tenant_name: '', name: '', email: '' });
  /** Undefined until it is edited by hand. */
  const [ownSlug, setOwnSlug] = useState<string>();
  const [tried, setTried] = useState(false);
  const [place, setPlace] = useState<Place>(() => ({
    purpose: 'sales',
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    currency: 'EUR',
  }));
  const [passwords, setPasswords] = useState({ password: '', again: '' });
  const slug = ownSlug ?? slugOf(form.tenant_name);
  const setUp = useAction(async () => {
    const { purpose, ...rest } = place;
    const modules = purposes[purpose];
    const body = { ...form, ...rest, modules, slug, token, password: passwords.password, language };
    await client.call({ method: 'POST', path: '/api/set-up', body });
    await client.sessions.logIn({ email: form.email, password: passwords.password });
    await queries.invalidateQueries({ queryKey: ['server'] });
    await forgetEverything();
    await navigate({ to: '/' });
  });
  const isWhole = [...Object.values(form), slug].every((text) => text.trim() !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isWhole && passwordsAgree(passwords)) void setUp.run();
  };
  const missing = (text: string) => tried && text.trim() === '' && t('field.missing');
  const input = (name: keyof typeof form) => ({
    name,
    value: form[name],
    error: missing(form[name]) || setUp.fieldError(name),
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
  });
  return (
    <Entrance title={t('set_up.title')} text={t('set_up.text')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={t('set_up.company')}
            autoComplete="organization"
            required
            withAsterisk={false}
            {...input('tenant_name')}
          />
          <TextInput
            label={t('set_up.slug')}
            description={t('set_up.slug_text')}
            required
            withAsterisk={false}
            name="slug"
            value={slug}
            error={missing(slug) || setUp.fieldError('slug')}
            onChange={(event) => setOwnSlug(event.currentTarget.value)}
          />
          <PlaceFields place={place} onChange={setPlace} error={setUp.fieldError} />
          <Divider label={t('set_up.owner')} labelPosition="left" />
          <TextInput
            label={t('invitation.name')}
            autoComplete="name"
            required
            withAsterisk={false}
            {...input('name')}
          />
          <TextInput
            label={t('common.email')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...input('email')}
          />
          <NewPassword value={passwords} onChange={setPasswords} error={setUp.fieldError('password')} tried={tried} />
          <FormError text={setUp.formError(shownFields)} />
          <Button type="submit" loading={setUp.busy}>
            {t('set_up.submit')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}

interface PlaceFieldsProps {
  readonly place: Place;
  readonly onChange: (next: Place) => void;
  readonly error: (field: string) => string | undefined;
}

function PlaceFields({ place, onChange, error }: PlaceFieldsProps) {
  const t = useT();
  const { language } = useTexts();
  const zones = useMemo(zonesOf, []);
  const currencies = useMemo(() => currenciesOf(language), [language]);
  const common = { searchable: true, allowDeselect: false, nothingFoundMessage: t('common.nothing_found') };
  return (
    <>
      <Radio.Group
        label={t('set_up.purpose')}
        description={t('set_up.purpose_text')}
        descriptionProps={{ mt: 'sm' }}
        value={place.purpose}
        onChange={(next) => onChange({ ...place, purpose: next as Purpose })}
        error={error('modules')}
      >
        <Stack gap="sm" mt="sm">
          {Object.keys(purposes).map((purpose) => (
            <Radio
              key={purpose}
              value={purpose}
              label={t(`purpose.${purpose as Purpose}`)}
              description={t(`purpose.${purpose as Purpose}_text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t('settings.time_zone')}
          {...common}
          limit={100}
          data={withOwn(zones, place.time_zone)}
          value={place.time_zone}
          onChange={(next) => next && onChange({ ...place, time_zone: next })}
          error={error('time_zone')}
        />
        <Select
          label={t('settings.currency')}
          {...common}
          limit={100}
          data={withOwn(currencies, place.currency)}
          value={place.currency}
          onChange={(next) => next && onChange({ ...place, currency: next })}
          error={error('currency')}
        />
      </SimpleGrid>
    </>
  );
}
