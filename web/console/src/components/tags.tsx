// SPDX-License-Identifier: Apache-2.0
/** The first tags, and how many there are beside. */
export function Tags({ tags, shown = 3 }: { tags: readonly string[]; shown?: number }) {
  return (
    <div className="tags">
      {tags.slice(0, shown).map((tag) => (
        <span key={tag} className="tag">
          {tag}
        </span>
      ))}
      {tags.length > shown && <span className="tag tag-more">+{tags.length - shown}</span>}
    </div>
  );
}
