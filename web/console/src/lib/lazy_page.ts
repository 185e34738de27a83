// SPDX-License-Identifier: Apache-2.0
// A page whose script is fetched when it is first opened. The router's own way reloads the document when that fails:
// without a network that would exchange the whole application for the browser's error page.
import { type ComponentType, createElement, use } from 'react';

const failures = new Set<() => void>();

/** What could not be fetched is fetched again when it is next shown. */
export function retryPages(): void {
  for (const forget of failures) forget();
  failures.clear();
}

/** The page that a module exports under a name; shown, it throws why it could not be fetched. */
export function lazyPage<Name extends string>(fetchModule: () => Promise<Record<Name, ComponentType>>, name: Name) {
  let page: ComponentType | undefined;
  let fetching: Promise<void> | undefined;
  const load = () => {
    fetching ??= fetchModule().then(
      (module) => {
        page = module[name];
      },
      (error: unknown) => {
        // Kept until somebody wants it again: to render it is to ask, and would ask for ever.
        failures.add(() => {
          fetching = undefined;
        });
        throw error;
      },
    );
    return fetching;
  };
  const Page = () => {
    if (!page) use(load());
    return createElement(page!);
  };
  // The router fetches what a pointer rests on; a failure is for whoever opens it.
  return Object.assign(Page, { preload: () => load().catch(() => undefined) });
}
