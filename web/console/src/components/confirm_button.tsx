// SPDX-License-Identifier: Apache-2.0
// A button that asks first.
import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useAction } from '../lib/action';
import { useT } from '../texts/context';
import { FormError } from './form_error';

interface ConfirmProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly question: string;
  readonly more?: string | undefined;
  readonly text: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly danger?: boolean;
}

/** The question; stays open with the reason when it was refused. */
export function ConfirmModal({ opened, onClose, question, more, text, onConfirm, danger = true }: ConfirmProps) {
  const t = useT();
  const action = useAction(onConfirm);
  const confirm = async () => {
    if (await action.run()) onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={question}
      size="sm"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        {more && <Text size="sm">{more}</Text>}
        <FormError text={action.formError()} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color={danger ? 'red' : 'accent'} loading={action.busy} onClick={() => void confirm()}>
            {text}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

type Props = ButtonProps & Omit<ConfirmProps, 'opened' | 'onClose'>;

export function ConfirmButton({ text, question, more, onConfirm, danger, ...button }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button {...button} onClick={open}>
        {text}
      </Button>
      <ConfirmModal
        {...{ opened, question, more, text, onConfirm, ...(danger !== undefined && { danger }) }}
        onClose={close}
      />
    </>
  );
}
