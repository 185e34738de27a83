// SPDX-License-Identifier: Apache-2.0
import { Button, Progress, Text } from '@mantine/core';
import { Row, Rows } from '../../../components/rows';
import { FileRefused } from '../../../lib/check_file';
import { errorText } from '../../../lib/error_text';
import { useT, useTexts } from '../../../texts/context';
import type { Uploads } from './use_uploads';

/** What is on its way, and what was refused and why. */
export function UploadLines({ uploads }: { uploads: Uploads }) {
  const t = useT();
  const texts = useTexts();
  if (uploads.items.length === 0) return null;
  return (
    <Rows label={t('documents.uploading')}>
      {uploads.items.map(({ key, file, share, error }) => (
        <Row
          key={key}
          title={file.name}
          facts={[error === undefined ? t('documents.uploading') : undefined]}
          below={
            error === undefined ? (
              <Progress
                mt={6}
                size="sm"
                value={100 * share}
                aria-label={t('documents.progress', { name: file.name })}
              />
            ) : (
              <Text size="sm" className="late" role="alert">
                {errorText(texts, error)}
              </Text>
            )
          }
        >
          {error !== undefined && (
            <>
              {!(error instanceof FileRefused) && (
                <Button size="compact-sm" variant="default" onClick={() => uploads.retry(key)}>
                  {t('common.retry')}
                </Button>
              )}
              <Button size="compact-sm" variant="subtle" color="gray" onClick={() => uploads.dismiss(key)}>
                {t('common.close')}
              </Button>
            </>
          )}
        </Row>
      ))}
    </Rows>
  );
}
