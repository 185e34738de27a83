// SPDX-License-Identifier: Apache-2.0
import { Alert } from '@mantine/core';
import { Icon } from './icon';

/** Why the form was not taken, above its button. */
export function FormError({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <Alert color="red" variant="light" icon={<Icon name="alert" />} role="alert">
      {text}
    </Alert>
  );
}
