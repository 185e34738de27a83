// SPDX-License-Identifier: Apache-2.0
// What can be said of a file before it is sent.

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
