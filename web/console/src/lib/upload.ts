// SPDX-License-Identifier: Apache-2.0
// Sends a file, and tells how far it is: only XMLHttpRequest tells that.
import {
  ConnectionLost,
  type File as FileRecord,
  type ProblemDocument,
  Refusal,
  UnexpectedAnswer,
} from '@interlock/client';
import { client } from '../client';

/** Uploads one file. The same key again is the same upload. Rejects as every other call does. */
export function upload(file: File, key: string, onProgress: (share: number) => void): Promise<FileRecord> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', `${client.baseUrl}/api/files?name=${encodeURIComponent(file.name)}`);
    call.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    call.setRequestHeader('Idempotency-Key', key);
    call.upload.onprogress = ({ loaded, total, lengthComputable }) => lengthComputable && onProgress(loaded / total);
    call.onerror = () => reject(new ConnectionLost('The upload was cut off'));
    call.onload = () => {
      const body = parsed(call.responseText);
      if (call.status === 201 && body) resolve(body as unknown as FileRecord);
      else if (body && call.status >= 400) reject(new Refusal(call.status, body as ProblemDocument));
      else reject(new UnexpectedAnswer('server_error', call.status, call.responseText.slice(0, 200)));
    };
    call.send(file);
  });
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // a page of something in between
  }
}
