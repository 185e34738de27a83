// SPDX-License-Identifier: Apache-2.0
// What holds for everybody in the tenant. Saved as a whole, under the same conflict check as every record.
import type { Settings } from '@interlock/client';
import {
  ConflictDialog,
  type FieldViews,
  ProblemMessage,
  type RecordEdit,
  useLiveQuery,
  useRecordEdit,
} from '@interlock/react';
import { Button, Checkbox, Group, Paper, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, type ReactNode, useMemo } from 'react';
import { PageHead } from '../../components/page_head';
import { ErrorState, LoadingLines } from '../../components/states';
import { modules } from '../../lib/modules';
import { weekdaysOf } from '../../lib/weekdays';
import { useSession } from '../../session/session';
import { useT, useTexts } from '../../texts/context';
import { isSameLanguage, languages, usualLabelsOf } from '../../texts/texts';
import { countriesOf, currenciesOf, languageName, withOwn, zonesOf } from './choices';
import { StatusSettings } from './status_settings';

export function SettingsPage() {
  const t = useT();
  const { tenant } = useSession();
  const { items, status, error, refresh } = useLiveQuery('settings', { limit: 1 });
  return (
    <div className="page">
      <PageHead title={t('settings.title')} text={t('settings.text', { name: tenant.name })} />
      {status === 'failed' && <ErrorState error={error} onRetry={refresh} />}
      {status === 'loading' && <LoadingLines />}
      <Stack gap="md" maw={760}>
        {items[0] && <SettingsForm settings={items[0]} />}
        <StatusSettings />
      </Stack>
    </div>
  );
}

function useSettingsFields(): FieldViews<Settings> {
  const t = useT();
  return useMemo(
    () => ({
      language: { label: t('settings.language') },
      currency: { label: t('settings.currency') },
      time_zone: { label: t('settings.time_zone') },
      first_day_of_week: { label: t('settings.first_day_of_week') },
      country: { label: t('settings.country') },
      labels: { label: t('settings.labels') },
      modules: { label: t('settings.modules') },
      binding_leases: { label: t('settings.editing') },
    }),
    [t],
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const t = useT();
  const edit = useRecordEdit('settings', settings);
  const fields = useSettingsFields();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void edit.save();
  };
  const parts = { edit, settings, values: edit.values ?? settings };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <General {...parts} />
        <Labels {...parts} />
        <Modules {...parts} />
        {edit.error !== undefined && !edit.conflict && (
          <ProblemMessage error={edit.error} onRetry={() => void edit.save()} onResolve={edit.compare} />
        )}
        {edit.changed && (
          <Group gap="xs" className="sticky-save">
            <Button type="submit" loading={edit.busy}>
              {t('common.save')}
            </Button>
            <Button variant="default" disabled={edit.busy} onClick={edit.revert}>
              {t('customer.revert')}
            </Button>
          </Group>
        )}
      </Stack>
      <ConflictDialog conflict={edit.conflict} fields={fields} onResolve={edit.resolve} onCancel={edit.leaveConflict} />
    </form>
  );
}

interface Parts {
  readonly edit: RecordEdit<Settings>;
  /** As they are saved. */
  readonly settings: Settings;
  readonly values: Settings;
}

export function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <Paper p="lg" component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      {text && (
        <Text c="dimmed" size="sm" mt={2}>
          {text}
        </Text>
      )}
      <Stack gap="md" mt="md">
        {children}
      </Stack>
    </Paper>
  );
}

function General({ edit, settings, values }: Parts) {
  const t = useT();
  const { language } = useTexts();
  const choices = useMemo(
    () => ({
      zones: zonesOf(),
      currencies: currenciesOf(language),
      countries: countriesOf(language),
      days: weekdaysOf(language),
    }),
    [language],
  );
  const own = values.language;
  const offered = languages.map((one) => ({ value: one as string, label: t(`language.${one}`) }));
  if (!offered.some(({ value }) => value === own)) offered.push({ value: own, label: own });
  const common = { searchable: true, allowDeselect: false, nothingFoundMessage: t('common.nothing_found') };
  // The tenant's words were of the old language; those of the new one are still to be told.
  const setLanguage = (next: string) => {
    edit.set('language', next);
    edit.set('labels', isSameLanguage(next, settings.language) ? settings.labels : {});
  };
  return (
    <Section title={t('settings.general')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t('settings.language')}
          {...common}
          data={offered}
          value={own}
          onChange={(next) => next && setLanguage(next)}
        />
        <Select
          label={t('settings.currency')}
          {...common}
          data={withOwn(choices.currencies, values.currency)}
          value={values.currency}
          onChange={(next) => next && edit.set('currency', next)}
        />
        <Select
          label={t('settings.time_zone')}
          {...common}
          limit={100}
          data={withOwn(choices.zones, values.time_zone)}
          value={values.time_zone}
          onChange={(next) => next && edit.set('time_zone', next)}
        />
        <Select
          label={t('settings.first_day_of_week')}
          {...common}
          data={choices.days}
          value={String(values.first_day_of_week)}
          onChange={(next) => next && edit.set('first_day_of_week', Number(next))}
        />
        <Select
          label={t('settings.country')}
          {...common}
          clearable
          clearButtonProps={{ 'aria-label': t('common.none') }}
          data={withOwn(choices.countries, values.country)}
          value={values.country || null}
          onChange={(next) => edit.set('country', next ?? '')}
        />
      </SimpleGrid>
    </Section>
  );
}

function Labels({ edit, values }: Parts) {
  const t = useT();
  const labels = (typeof values.labels === 'object' && values.labels !== null ? values.labels : {}) as Record<
    string,
    string
  >;
  const set = (name: string, text: string) => {
    const { [name]: _old, ...rest } = labels;
    edit.set('labels', text ? { ...rest, [name]: text } : rest);
  };
  const usual = usualLabelsOf(values.language);
  const language = languageName(useTexts().language, values.language);
  return (
    <Section title={t('settings.labels')} text={t('settings.labels_text', { language })}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('settings.one')}
          placeholder={usual?.customer}
          maxLength={60}
          value={labels.customer ?? ''}
          onChange={(event) => set('customer', event.currentTarget.value)}
        />
        <TextInput
          label={t('settings.many')}
          placeholder={usual?.customers}
          maxLength={60}
          value={labels.customers ?? ''}
          onChange={(event) => set('customers', event.currentTarget.value)}
        />
      </SimpleGrid>
    </Section>
  );
}

function Modules({ edit, values }: Parts) {
  const t = useT();
  const toggle = (list: readonly string[], name: string) =>
    list.includes(name) ? list.filter((one) => one !== name) : [...list, name];
  return (
    <>
      <Section title={t('settings.modules')} text={t('settings.modules_text')}>
        {modules.map((name) => (
          <Checkbox
            key={name}
            label={t(`module.${name}`)}
            checked={values.modules.includes(name)}
            onChange={() => edit.set('modules', toggle(values.modules, name))}
          />
        ))}
      </Section>
      <Section title={t('settings.editing')}>
        <Checkbox
          label={t('settings.binding')}
          description={t('settings.binding_text')}
          checked={values.binding_leases.includes('customers')}
          onChange={() => edit.set('binding_leases', toggle(values.binding_leases, 'customers'))}
        />
      </Section>
    </>
  );
}
