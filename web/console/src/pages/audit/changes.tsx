// SPDX-License-Identifier: Apache-2.0
// What became of the fields of a record, from what to what.
import { type HistoryEntry, isRecordId } from '@interlock/client';
import { Button, Text, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChangeTexts, Place } from '../../lib/change_texts';
import { hasPage, pageOf } from '../../shell/page_of';
import { useT } from '../../texts/context';

type RecordChanges = HistoryEntry['changes'];

const changesShown = 3;

/** All values of changes, before and after. */
export function valuesOf(changes: RecordChanges): unknown[] {
  return Object.values(changes).flatMap(({ from, to }) => [from, to]);
}

/** The way to a record, where it has a page. */
export function RecordLink({ id, text }: { id: string; text: string }) {
  return hasPage(id) ? (
    <Text size="xs" component={Link} to={pageOf(id)} className="text-link">
      {text}
    </Text>
  ) : (
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  );
}

interface Props {
  readonly collection: string;
  readonly changes: RecordChanges;
  readonly texts: ChangeTexts;
}

export function Changes({ collection, changes, texts }: Props) {
  const t = useT();
  const [all, setAll] = useState(false);
  const entries = Object.entries(changes);
  const currency = changes.currency?.to;
  const hidden = entries.length - changesShown;
  return (
    <>
      {entries.slice(0, all ? undefined : changesShown).map(([field, { from, to }]) => {
        const place = { collection, field, ...(typeof currency === 'string' && { currency }) };
        const before = texts.text(place, from);
        return (
          <Text key={field} size="xs" lineClamp={all ? undefined : 2}>
            <Text span c="dimmed" inherit>
              {texts.label(collection, field)}:{' '}
            </Text>
            {before && (
              <>
                <VisuallyHidden>{t('change.before')} </VisuallyHidden>
                <del className="old-value">{before}</del>
                <VisuallyHidden>{t('change.now')} </VisuallyHidden>
              </>
            )}
            <Value place={place} value={to} texts={texts} />
          </Text>
        );
      })}
      {hidden > 0 && !all && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={t('change.more', { n: hidden })}
          onClick={() => setAll(true)}
        >
          +{hidden}
        </Button>
      )}
    </>
  );
}

function Value({ place, value, texts }: { place: Place; value: unknown; texts: ChangeTexts }) {
  const t = useT();
  const text = texts.text(place, value);
  if (isRecordId(value) && hasPage(value)) {
    return (
      <Link to={pageOf(value)} className="text-link">
        {text}
      </Link>
    );
  }
  if (text) return text;
  return (
    <>
      <span aria-hidden>—</span>
      <VisuallyHidden>{t('change.nothing')}</VisuallyHidden>
    </>
  );
}
