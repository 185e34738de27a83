// SPDX-License-Identifier: Apache-2.0
// A part of the page that fails takes nothing else with it.
import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { isNewRelease } from '../lib/error_text';
import { useT } from '../texts/context';
import { Message } from './states';

interface Props {
  readonly children: ReactNode;
  /** Another value, another page: the error is over. */
  readonly resetKey?: string;
}

export class ErrorBoundary extends Component<Props, { error: unknown; key: string | undefined }> {
  override state = { error: undefined as unknown, key: this.props.resetKey };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: { key: string | undefined }) {
    return props.resetKey === state.key ? null : { error: undefined, key: props.resetKey };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <FailedPage error={this.state.error} onRetry={() => this.setState({ error: undefined })} />;
  }
}

/** What is shown in place of a page that failed. */
export function FailedPage({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useT();
  const missing = isNewRelease(error);
  const offline = missing && !navigator.onLine;
  const stale = missing && !offline;
  const text = offline ? 'error.page_offline' : stale ? 'error.new_release' : 'error.page_more';
  return (
    <div role="alert">
      <Message icon="alert" tone="red" title={t(offline ? 'error.page_offline_title' : 'error.page')} text={t(text)}>
        {!stale && (
          <Button variant="default" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
        {!offline && (
          <Button variant={stale ? 'filled' : 'default'} onClick={() => location.reload()}>
            {t('common.reload')}
          </Button>
        )}
      </Message>
    </div>
  );
}
