// SPDX-License-Identifier: Apache-2.0
// Files on their way: one after the other, each with its progress, and its reason if it was refused.
import { type Document, isInterlockError } from '@interlock/client';
import { useCallback, useRef, useState } from 'react';
import { client } from '../../../client';
import { checkFile, FileRefused } from '../../../lib/check_file';
import { reportFault } from '../../../lib/report';
import { useSession } from '../../../session/session';

export interface Upload {
  readonly key: string;
  readonly file: File;
  /** From 0 to 1. */
  readonly share: number;
  readonly error?: unknown;
}

export interface Uploads {
  readonly items: readonly Upload[];
  /** Sends files; each becomes a document of the record. */
  add(files: readonly File[]): void;
  /** The same once more: nothing is there twice. */
  retry(key: string): void;
  dismiss(key: string): void;
}

/** What was uploaded becomes a document of `subject`; `onDocument` is the last step of each, and may fail as the others. */
export function useUploads(subject: string, onDocument?: (document: Document) => Promise<unknown>): Uploads {
  const [items, setItems] = useState<readonly Upload[]>([]);
  const bytesMax = useSession().file_bytes_max;
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const lastStep = useRef(onDocument);
  lastStep.current = onDocument;
  const change = useCallback(
    (key: string, part: Partial<Upload>) =>
      setItems((before) => before.map((one) => (one.key === key ? { ...one, ...part } : one))),
    [],
  );
  const dismiss = useCallback((key: string) => setItems((before) => before.filter((one) => one.key !== key)), []);
  const send = useCallback(
    async (key: string, file: File) => {
      try {
        checkFile(file, bytesMax);
        const stored = await client.files.upload(file, { key, onProgress: (share) => change(key, { share }) });
        const document = await client.documents.create({ subject, file: stored.id }, { key: `${key}-document` });
        await lastStep.current?.(document);
        dismiss(key);
      } catch (error) {
        change(key, { error });
        if (!isInterlockError(error) && !(error instanceof FileRefused)) reportFault(error);
      }
    },
    [subject, bytesMax, change, dismiss],
  );
  const queue = useCallback(
    (key: string, file: File) => {
      line.current = line.current.then(() => send(key, file));
    },
    [send],
  );
  const add = useCallback(
    (files: readonly File[]) => {
      const added = files.map((file) => ({ key: client.newKey(), file, share: 0 }));
      setItems((before) => [...before, ...added]);
      for (const { key, file } of added) queue(key, file);
    },
    [queue],
  );
  const retry = (key: string) => {
    const found = items.find((one) => one.key === key);
    if (!found) return;
    setItems((before) => before.map((one) => (one.key === key ? { key, file: found.file, share: 0 } : one)));
    queue(key, found.file);
  };
  return { items, add, retry, dismiss };
}
