// SPDX-License-Identifier: Apache-2.0
import type { Choice, ConflictField } from '@interlock/client';
import { type ReactNode, useId, useRef } from 'react';
import { useTexts } from '../provider.js';
import { type FieldView, ValueEditor } from './fields.js';

/** One field that is in question. */
export interface ConflictFieldChoiceProps {
  readonly field: ConflictField;
  readonly label: string;
  /** Who changed it meanwhile, where that is known. */
  readonly theirName: string | undefined;
  readonly view: FieldView | undefined;
  /** Gets the focus when the dialog opens. */
  readonly isFirst: boolean;
  readonly choice: Choice | undefined;
  readonly textOf: (value: unknown) => string;
  readonly onChoose: (choice: Choice) => void;
}

/** Mine, theirs or something else, beside what it was before. */
export function ConflictFieldChoice(props: ConflictFieldChoiceProps): ReactNode {
  const { field, label, theirName, view, isFirst, choice, textOf, onChoose } = props;
  const texts = useTexts();
  const name = useId();
  // What was typed comes back when one tries mine and theirs in between.
  const typed = useRef<unknown>(field.mine);
  const kind = typeof choice === 'object' ? 'edit' : choice;
  if (typeof choice === 'object') typed.current = choice.edit;

  const option = (value: 'mine' | 'theirs', shown: unknown, title: string) => (
    <label className="il-choice" data-chosen={kind === value}>
      <input
        type="radio"
        name={name}
        checked={kind === value}
        data-il-first={isFirst && value === 'mine' ? '' : undefined}
        onChange={() => onChoose(value)}
      />
      <span className="il-choice-title">{title}</span>
      <span className="il-choice-value">{textOf(shown)}</span>
    </label>
  );
  return (
    <fieldset className="il-conflict-field">
      <legend>{label}</legend>
      <p className="il-before">
        <span>{texts.conflict.before}</span>
        <span>{field.base === undefined ? texts.conflict.unknownBefore : textOf(field.base)}</span>
      </p>
      <div className="il-choices">
        {option('mine', field.mine, texts.conflict.mine)}
        {option('theirs', field.theirs, theirName ? texts.conflict.theirsBy(theirName) : texts.conflict.theirs)}
      </div>
      <div className="il-choice il-choice-edit" data-chosen={kind === 'edit'}>
        <label>
          <input
            type="radio"
            name={name}
            checked={kind === 'edit'}
            onChange={() => onChoose({ edit: typed.current })}
          />
          <span className="il-choice-title">{texts.conflict.edit}</span>
        </label>
        {kind === 'edit' && (
          <ValueEditor
            id={`${name}-edit`}
            view={view}
            value={typed.current}
            label={texts.conflict.editLabel(label)}
            onChange={(edit) => onChoose({ edit })}
          />
        )}
      </div>
    </fieldset>
  );
}
