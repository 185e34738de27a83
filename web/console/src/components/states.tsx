// SPDX-License-Identifier: Apache-2.0
// How a page looks while it loads, when there is nothing, and when something went wrong.
import { Refusal } from '@interlock/client';
import { useIsAway, useOnline } from '@interlock/react';
import { Button, Center, Group, Loader, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { errorText, isNewRelease } from '../lib/error_text';
import { useT, useTexts } from '../texts/context';
import { Icon, type IconName } from './icon';

interface MessageProps {
  readonly icon: IconName;
  readonly tone?: 'gray' | 'red' | 'accent';
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
}

/** A picture, a sentence and a way on, in the middle of what would be there. */
export function Message({ icon, tone = 'gray', title, text, children }: MessageProps) {
  return (
    <Center mih={260} p="lg">
      <Stack align="center" gap="xs" maw={420} ta="center">
        <ThemeIcon size={52} radius="xl" variant="light" color={tone} aria-hidden>
          <Icon name={icon} size={24} />
        </ThemeIcon>
        <Title order={2} mt="xs">
          {title}
        </Title>
        {text && <Text c="dimmed">{text}</Text>}
        {children && (
          <Group mt="sm" justify="center">
            {children}
          </Group>
        )}
      </Stack>
    </Center>
  );
}

/** Without a network: what was not open when it went comes when it is back, and nobody has to ask for it. */
function NotHereYet() {
  const t = useT();
  return (
    <div role="status">
      <Message icon="offline" title={t('error.not_here')} text={t('error.not_here_text')} />
    </div>
  );
}

/** Something could not be loaded or done. */
export function ErrorState({ error, title, onRetry }: { error: unknown; title?: string; onRetry?: () => void }) {
  const texts = useTexts();
  const t = useT();
  const isAway = useIsAway(error);
  if (isAway && !title) return <NotHereYet />;
  // Whoever may not see it may not see it a second later either.
  const isForbidden = error instanceof Refusal && error.status === 403;
  const again = isNewRelease(error) ? () => location.reload() : isForbidden ? undefined : onRetry;
  const look = isForbidden ? ({ icon: 'lock' } as const) : ({ icon: 'alert', tone: 'red' } as const);
  return (
    <div role="alert">
      <Message {...look} title={title ?? t('error.load')} text={errorText(texts, error)}>
        {again && (
          <Button variant="default" onClick={again}>
            {isNewRelease(error) ? t('common.reload') : t('common.retry')}
          </Button>
        )}
      </Message>
    </div>
  );
}

const slowMs = 8_000;

/** Whoever waits long is told that it is the server who does not answer. */
function SlowNote() {
  const t = useT();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowMs);
    return () => clearTimeout(timer);
  }, []);
  if (!isSlow) return null;
  return (
    <Text size="sm" c="dimmed">
      {t('common.slow_load')}
    </Text>
  );
}

/** Grey bars where lines will be, if anything can come. */
export function LoadingLines({ lines = 6 }: { lines?: number }) {
  const t = useT();
  const online = useOnline();
  if (!online) return <NotHereYet />;
  return (
    <Stack gap="sm" p="md" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike, and never moved
        <Skeleton key={line} height={18} width={`${92 - ((line * 23) % 37)}%`} />
      ))}
      <SlowNote />
    </Stack>
  );
}

/** While a page's script is on its way. */
export function LoadingPage() {
  const t = useT();
  return (
    <Center mih={260} role="status" aria-label={t('common.loading')}>
      <Stack align="center" gap="sm">
        <Loader size="sm" type="dots" />
        <SlowNote />
      </Stack>
    </Center>
  );
}
