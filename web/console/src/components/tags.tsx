// SPDX-License-Identifier: Apache-2.0
import { Group } from '@mantine/core';

/** The first tags, and how many there are beside. */
export function Tags({ tags, shown = 3 }: { tags: readonly string[]; shown?: number }) {
  return (
    <Group gap={4} wrap="nowrap" style={{ overflow: 'hidden' }}>
      {tags.slice(0, shown).map((tag) => (
        <span key={tag} className="tag">
          {tag}
        </span>
      ))}
      {tags.length > shown && <span className="tag tag-more">+{tags.length - shown}</span>}
    </Group>
  );
}
