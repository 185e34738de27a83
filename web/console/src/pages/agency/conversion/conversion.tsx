// SPDX-License-Identifier: Apache-2.0
// The one conversion of all pages: its button, and what there is to tell about it.
import type { InterestedService } from '@interlock/client';
import { Notice, ProblemMessage, SyncButton, useQueueStatus } from '@interlock/react';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { type Conversion, convertOperation } from './use_conversion';

interface Props {
  readonly service: InterestedService;
  readonly conversion: Conversion;
}

/** The button; where the service has become an application, the way to that. */
export function ConvertButton({ service, conversion: { action, isOver } }: Props) {
  const t = useT();
  const may = useMay();
  if (isOver) return service.application ? <ApplicationLink id={service.application} /> : null;
  if (!may('interested-services.convert')) return null;
  return (
    <SyncButton
      action={action}
      request={{ id: service.id }}
      size="sm"
      variant="secondary"
      message="none"
      pendingLabel={t('convert.pending')}
      doneLabel={t('convert.done_label')}
    >
      {t('convert.button')}
    </SyncButton>
  );
}

function ApplicationLink({ id }: { id: string }) {
  const t = useT();
  return (
    <Link to="/applications/$id" params={{ id }} className="text-link row-link">
      {t('convert.open')}
    </Link>
  );
}

/** What became of the click, where a person has to know or do something. */
export function ConversionMessage({ service, conversion: { action } }: Props) {
  const t = useT();
  const reload = { text: t('convert.refresh'), onClick: () => void action.refreshAgain() };
  switch (action.state) {
    case 'queued':
      return <QueuedMessage id={service.id} />;
    case 'done_not_refreshed':
      return (
        <Notice
          tone="success"
          title={t('convert.not_refreshed')}
          text={t('convert.not_refreshed_text')}
          actions={[reload]}
        />
      );
    case 'failed':
      return service.status === 'converted' ? null : (
        <ProblemMessage
          error={action.error}
          onRetry={() => void action.retry()}
          onDismiss={() => void action.discard()}
        />
      );
    default:
      return null;
  }
}

/** It waits: for the network, or for a server that answers. Nobody has to click again, and it can be left undone. */
function QueuedMessage({ id }: { id: string }) {
  const t = useT();
  const { items, status, sync, discard } = useQueueStatus();
  const item = items.find(({ operation, request }) => operation === convertOperation && request.id === id);
  const actions = [
    { text: t('convert.send_now'), onClick: () => void sync() },
    ...(item ? [{ text: t('convert.leave'), onClick: () => void discard(item.key) }] : []),
  ];
  switch (status?.state) {
    case 'unexpected':
      return <Notice tone="warning" title={t('convert.server')} text={t('convert.server_text')} actions={actions} />;
    case 'unanswered':
      return (
        <Notice tone="warning" title={t('convert.unanswered')} text={t('convert.unanswered_text')} actions={actions} />
      );
    default:
      return <Notice tone="neutral" title={t('convert.queued')} text={t('convert.queued_text')} actions={actions} />;
  }
}
