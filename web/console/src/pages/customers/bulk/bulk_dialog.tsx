// SPDX-License-Identifier: Apache-2.0
// How a change of many goes, and what became of each.
import type { Refusal } from '@interlock/client';
import { Alert, Button, Group, Modal, Progress, ScrollArea, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../../client';
import { Icon } from '../../../components/icon';
import { errorText } from '../../../lib/error_text';
import { reportFault } from '../../../lib/report';
import { useStatuses } from '../../../lib/statuses';
import { useT, useTexts } from '../../../texts/context';
import { type BulkPlan, type BulkState, type BulkStep, runBulk } from './bulk';

interface Props {
  readonly plan: BulkPlan;
  /** Asks before it begins. */
  readonly ask: boolean;
  /** `finished`: nothing is left to do. */
  readonly onClose: (finished: boolean) => void;
}

export function BulkDialog({ plan, ask, onClose }: Props) {
  const t = useT();
  const texts = useTexts();
  const [running, setRunning] = useState(false);
  const [state, setState] = useState<BulkState>();
  const run = useCallback(async (steps: readonly BulkStep[], before?: BulkState) => {
    const whole = (part: BulkState): BulkState => ({
      ...part,
      done: (before?.done ?? 0) + part.done,
      refused: [...(before?.refused ?? []), ...part.refused],
    });
    setRunning(true);
    try {
      setState(whole(await runBulk(client, steps, (part) => setState(whole(part)))));
    } catch (error) {
      reportFault(error);
    } finally {
      setRunning(false);
    }
  }, []);
  const begun = useRef(false);
  useEffect(() => {
    if (ask || begun.current) return;
    begun.current = true;
    void run(plan.steps);
  }, [ask, plan, run]);

  const asking = ask && !state && !running;
  const settled = state !== undefined && !running;
  const title = asking ? texts.count('bulk.delete_question', plan.steps.length) : t('bulk.title');
  return (
    <Modal
      opened
      onClose={() => !running && onClose(settled && state.rest.length === 0)}
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close'), disabled: running }}
    >
      {asking ? (
        <Stack>
          <Text size="sm">{t('bulk.delete_text')}</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" data-autofocus onClick={() => onClose(false)}>
              {t('common.cancel')}
            </Button>
            <Button color="red" onClick={() => void run(plan.steps)}>
              {t('common.delete')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <Outcome plan={plan} state={state} running={running} />
          <Group justify="flex-end" gap="xs">
            {settled && state.rest.length > 0 && (
              <Button variant="default" onClick={() => void run(state.rest, state)}>
                {t('bulk.retry')}
              </Button>
            )}
            <Button data-autofocus disabled={running} onClick={() => onClose(state?.rest.length === 0)}>
              {t('common.close')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Outcome({ plan, state, running }: { plan: BulkPlan; state: BulkState | undefined; running: boolean }) {
  const t = useT();
  const texts = useTexts();
  const statuses = useStatuses();
  const all = plan.steps.length;
  /** A move that the table does not have is told as on the board: from where, to where. */
  const reasonOf = ({ move }: BulkStep, refusal: Refusal) =>
    refusal.code === 'no_transition' && move
      ? t('board.not_allowed', { from: statuses.label(move.from), to: statuses.label(move.to) })
      : errorText(texts, refusal);
  const answered = state ? state.done + state.refused.length : 0;
  return (
    <Stack gap="sm">
      {(running || state?.rest.length !== 0) && all > 0 && (
        <Progress
          value={(answered / all) * 100}
          animated={running}
          aria-label={t('bulk.running', { done: answered, all })}
        />
      )}
      <Stack gap={4} role="status">
        {state && state.done > 0 && <Line icon="check" color="teal" text={t('bulk.done', { n: state.done })} />}
        {plan.unchanged > 0 && <Line icon="check" color="dimmed" text={t('bulk.unchanged', { n: plan.unchanged })} />}
        {state && state.refused.length > 0 && (
          <Line icon="alert" color="red" text={t('bulk.failed', { n: state.refused.length })} />
        )}
      </Stack>
      {state?.error !== undefined && state.rest.length > 0 && (
        <Alert color="yellow" icon={<Icon name="alert" />}>
          {t('bulk.not_sent', { n: state.rest.length, reason: errorText(texts, state.error) })}
        </Alert>
      )}
      {state && state.refused.length > 0 && (
        <ScrollArea.Autosize mah={260}>
          <Stack gap={8} component="ul" className="plain-list">
            {state.refused.map(({ step, refusal }) => (
              <li key={step.key}>
                <Text size="sm" fw={500} component={Link} to={`/customers/${step.id}`} className="text-link">
                  {step.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {reasonOf(step, refusal)}
                </Text>
              </li>
            ))}
          </Stack>
        </ScrollArea.Autosize>
      )}
    </Stack>
  );
}

function Line({ icon, color, text }: { icon: 'check' | 'alert'; color: string; text: string }) {
  return (
    <Group gap={8} c={color}>
      <Icon name={icon} size={16} />
      <Text size="sm">{text}</Text>
    </Group>
  );
}
