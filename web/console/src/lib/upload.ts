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

/** A file that the page itself does not send. */
export class FileRefused extends Error {
  constructor(
    readonly reason: 'file_empty' | 'file_type' | 'file_too_large',
    readonly limit?: number,
  ) {
    super(reason);
  }
}

/** What no server of ours takes, by what the browser makes of the name; what the bytes are the server looks at. */
const refusedTypes =
  /^(audio|video)\/|^text\/(html|xml|javascript|css)$|^image\/svg|^application\/(xhtml\+xml|xml|javascript|x-(msdownload|msdos-program|sh|executable))$/;

/** Throws FileRefused if it need not even be sent. `bytesMax`: as the session tells. */
export function checkFile(file: File, bytesMax: number | undefined): void {
  if (file.size === 0) throw new FileRefused('file_empty');
  if (bytesMax !== undefined && file.size > bytesMax) throw new FileRefused('file_too_large', bytesMax);
  if (refusedTypes.test(file.type)) throw new FileRefused('file_type');
}

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
