// SPDX-License-Identifier: Apache-2.0
// An interested service becomes an application: one action however often it is clicked, kept over a lost network, and
// not over before the page shows what came of it.
import type { AnswerOf, InterestedService, InterlockClient, RequestOf } from '@interlock/client';
import { isInterlockError } from '@interlock/client';
import { type Mutation, useInterlock, useSyncMutation } from '@interlock/react';
import { useEffect, useRef } from 'react';
import { timelineQuery } from '../../../components/timeline/queries';
import { refreshed } from '../../../lib/live_many';
import { tellDone, tellError } from '../../../lib/tell';
import { useT, useTexts } from '../../../texts/context';
import { applicationsQuery, servicesQuery } from '../queries';

export const convertOperation = 'interested-services/convert';

export type ConversionAnswer = AnswerOf<typeof convertOperation>;
export type ConversionAction = Mutation<RequestOf<typeof convertOperation>, ConversionAnswer>;

/** The page is brought up to date within this time, or it is said that it may be old. */
const refreshMsMax = 8_000;

export interface Conversion {
  readonly action: ConversionAction;
  /** The service has become an application, and this page has nothing more to tell about how. */
  readonly isOver: boolean;
}

/** The conversion of one service; `refresh` loads what its page shows beside the lists of its customer. */
export function useConversion(service: InterestedService, refresh: () => Promise<unknown>): Conversion {
  const t = useT();
  const texts = useTexts();
  const client = useInterlock();
  const isShown = useIsShown();
  const action = useSyncMutation(convertOperation, {
    request: { id: service.id },
    // Converted is what the server says, and nothing before it.
    optimistic: false,
    refresh: (answer) => inTime(Promise.all([refresh(), refreshCustomer(client, answer.application.customer)])),
    onDone: ({ created }) => tellDone(t(created ? 'convert.done' : 'convert.already')),
    onFailed: (error) => {
      void dropRefused(client, service.id);
      if (!isShown.current && !isDiscarded(error)) tellError(texts, error, t('convert.failed'));
    },
  });
  const { state, error, reset } = action;
  useEffect(() => {
    if (state === 'failed' && isDiscarded(error)) reset();
  }, [state, error, reset]);
  const isTold = action.busy || state === 'done_not_refreshed';
  return { action, isOver: service.status === 'converted' && !isTold };
}

function useIsShown() {
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  return shown;
}

const isDiscarded = (error: unknown) => isInterlockError(error) && error.kind === 'discarded';

/** What the page of the customer shows, where it is looked at. */
async function refreshCustomer(client: InterlockClient, customer: string): Promise<void> {
  await Promise.all([
    refreshed(client.live('interested-services', servicesQuery({ customer }))),
    refreshed(client.live('applications', applicationsQuery({ customer }))),
    refreshed(client.live('activities', timelineQuery(customer))),
  ]);
}

/** The message beside the button tells of a refusal; the queue need not keep it as well. */
async function dropRefused(client: InterlockClient, id: string): Promise<void> {
  const queue = await client.queue();
  const refused = queue.known.find(
    (item) => item.operation === convertOperation && item.request.id === id && item.standing === 'refused',
  );
  if (refused) await queue.discard(refused.key);
}

function inTime(work: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('not up to date in time')), refreshMsMax);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
