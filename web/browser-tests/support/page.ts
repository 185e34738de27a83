// SPDX-License-Identifier: Apache-2.0
// What the tests do in a browser, the same in all three. Places in a page are XPath, since all of them speak it.

export interface TestPage {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Clicks as a person does: where it is on the screen. */
  click(place: string): Promise<void>;
  /** Puts text in the place of what stands there. */
  fill(place: string, text: string): Promise<void>;
  press(key: 'Enter' | 'Tab' | 'Escape'): Promise<void>;
  /** Runs the body of a function in the page; its value comes back as JSON. */
  run<T>(body: string): Promise<T>;
  /** What the page complained about: script errors, errors in the console's log. */
  complaints(): readonly string[];
  screenshot(file: string): Promise<void>;
  close(): Promise<void>;
}

export interface TestBrowser {
  readonly name: string;
  /** A page with cookies and storage of its own. */
  page(): Promise<TestPage>;
  close(): Promise<void>;
}

const quoted = (text: string) => `"${text}"`;

export const button = (name: string) =>
  `//button[normalize-space(.)=${quoted(name)} or @aria-label=${quoted(name)}][not(@disabled)]`;
export const field = (label: string) =>
  `//*[(self::input or self::textarea) and @id=//label[starts-with(normalize-space(.), ${quoted(label)})]/@for]`;
export const tab = (name: string) => `//*[@role='tab'][starts-with(normalize-space(.), ${quoted(name)})]`;
/** Text on the page; not what is typed into a field. */
export const words = (text: string) =>
  `//body//*[not(self::textarea)][text()[contains(normalize-space(.), ${quoted(text)})]]`;

export function count(page: TestPage, place: string): Promise<number> {
  return page.run(`return document.evaluate(${JSON.stringify(`count(${place})`)}, document).numberValue`);
}

export const has = async (page: TestPage, place: string) => (await count(page, place)) > 0;

export const value = (page: TestPage, place: string): Promise<string | null> =>
  page.run(
    `return document.evaluate(${JSON.stringify(place)}, document, null, 9).singleNodeValue?.value ?? null`, // 9: the first
  );

/** Waits for a condition, asked again every 50 ms. */
export async function eventually(condition: () => Promise<boolean>, what: string, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  for (;;) {
    // While a page is exchanged for the next, asking it fails.
    if (await condition().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const appears = (page: TestPage, place: string, ms?: number) => eventually(() => has(page, place), place, ms);
export const disappears = (page: TestPage, place: string, ms?: number) =>
  eventually(async () => !(await has(page, place)), `no ${place}`, ms);
