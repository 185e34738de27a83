// SPDX-License-Identifier: Apache-2.0

const width = 200;
const height = 36;

/** The course of a number, from its zero; what was not measured is a gap. The number itself stands beside it. */
export function Sparkline({ values }: { values: readonly (number | undefined)[] }) {
  const finite = values.map((value) => (value !== undefined && Number.isFinite(value) ? value : undefined));
  const max = Math.max(1, ...finite.filter((value) => value !== undefined));
  const step = width / Math.max(1, values.length - 1);
  let pen = 'M';
  const path = finite.map((value, index) => {
    if (value === undefined) {
      pen = 'M';
      return '';
    }
    const point = `${pen}${(index * step).toFixed(1)} ${(height - 2 - (value / max) * (height - 4)).toFixed(1)}`;
    pen = 'L';
    return point;
  });
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path.join('')} fill="none" stroke="currentColor" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
