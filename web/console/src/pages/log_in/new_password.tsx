// SPDX-License-Identifier: Apache-2.0
import { PasswordInput } from '@mantine/core';
import { useT } from '../../texts/context';

/** As the server wants it. */
export const passwordCharactersMin = 10;

export interface TwoPasswords {
  readonly password: string;
  readonly again: string;
}

interface Props {
  readonly value: TwoPasswords;
  readonly onChange: (value: TwoPasswords) => void;
  readonly error?: string | undefined;
  /** They were to be sent: now what is wrong with them shows. */
  readonly tried: boolean;
}

/** Whether they may be sent. */
export const passwordsAgree = ({ password, again }: TwoPasswords) =>
  password === again && password.length >= passwordCharactersMin;

/** A new password, twice. */
export function NewPassword({ value, onChange, error, tried }: Props) {
  const t = useT();
  const isShort = tried && value.password.length < passwordCharactersMin;
  const differs = (tried || value.again !== '') && value.again !== value.password;
  return (
    <>
      <PasswordInput
        label={t('password.new')}
        description={isShort ? undefined : t('password.rules', { n: passwordCharactersMin })}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={value.password}
        error={isShort ? t('password.short', { n: passwordCharactersMin }) : error}
        onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('password.again')}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={value.again}
        error={differs && t('password.differs')}
        onChange={(event) => onChange({ ...value, again: event.currentTarget.value })}
      />
    </>
  );
}
