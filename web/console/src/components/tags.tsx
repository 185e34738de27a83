// SPDX-License-Identifier: Apache-2.0
import { VisuallyHidden } from '@mantine/core';

interface Props {
  readonly tags: readonly string[];
  /** How many are shown; of the others, how many there are. */
  readonly shown?: number;
  /** Over several lines, where there is room for them. */
  readonly wrap?: boolean;
}

/** The first tags, and how many there are beside: which, is told on hovering and read aloud. */
export function Tags({ tags, shown = 3, wrap = false }: Props) {
  const rest = tags.slice(shown).join(', ');
  return (
    <div className="tags" data-wrap={wrap || undefined}>
      {tags.slice(0, shown).map((tag) => (
        <span key={tag} className="tag" title={tag}>
          {tag}
        </span>
      ))}
      {rest && (
        <span className="tag tag-more" title={rest}>
          <span aria-hidden>+{tags.length - shown}</span>
          <VisuallyHidden>{rest}</VisuallyHidden>
        </span>
      )}
    </div>
  );
}
