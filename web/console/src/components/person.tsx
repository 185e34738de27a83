// SPDX-License-Identifier: Apache-2.0
// Plain elements: a list that is scrolled draws hundreds of them a second.

/** Somebody, small: initials and name. */
export function Person({ name, dimmed = false }: { name: string; dimmed?: boolean }) {
  return (
    <div className="person">
      {!dimmed && (
        <span className="person-mark" aria-hidden>
          {initialsOf(name)}
        </span>
      )}
      <span className={dimmed ? 'cell cell-dim' : 'cell'} title={dimmed ? undefined : name}>
        {name}
      </span>
    </div>
  );
}

/** The first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return ends
    .map((word) => [...word][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
