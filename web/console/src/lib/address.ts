// SPDX-License-Identifier: Apache-2.0
// Addresses that were typed, cut or mangled on their way.

/** The same path, with the percent signs that begin no character written as what they are: `/a/%zz` is `/a/%25zz`. */
export function readablePath(path: string): string {
  return path.split('/').map(readable).join('/');
}

function readable(segment: string): string {
  try {
    decodeURIComponent(segment);
    return segment;
  } catch {
    return segment.replaceAll('%', '%25');
  }
}

/** Has the page's address one that can be read, before anything reads it: what is there tells that nothing is. */
export function mendAddress(): void {
  const { pathname, search, hash } = location;
  const path = readablePath(pathname);
  if (path !== pathname) history.replaceState(history.state, '', path + search + hash);
}
