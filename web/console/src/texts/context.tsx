// SPDX-License-Identifier: Apache-2.0
// Which language is on screen: what the user chose in this browser, else the tenant's, else the browser's.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type Language, labelsOf, languageOf, type TextKey, Texts, type Values } from './texts';

interface Choice {
  readonly texts: Texts;
  /** Chooses a language for this browser. */
  readonly choose: (language: Language) => void;
}

const storageName = 'interlock-language';
const Context = createContext<Choice>({ texts: new Texts('en'), choose: () => {} });

function chosen(): Language | undefined {
  try {
    const kept = localStorage.getItem(storageName);
    return kept ? languageOf(kept) : undefined;
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

interface Props {
  /** The tenant's language, and its words for things; undefined while nobody is logged in. */
  readonly tenantLanguage?: string | undefined;
  readonly labels?: unknown;
  readonly children: ReactNode;
}

/** Gives texts to what is inside. */
export function TextsProvider({ tenantLanguage, labels, children }: Props) {
  const [own, setOwn] = useState(chosen);
  const language = own ?? languageOf(tenantLanguage ?? navigator.language);
  const words = JSON.stringify(labels ?? null);
  const texts = useMemo(
    () => new Texts(language, labelsOf(language, tenantLanguage, JSON.parse(words))),
    [language, tenantLanguage, words],
  );
  const choose = useCallback((wanted: Language) => {
    setOwn(wanted);
    try {
      localStorage.setItem(storageName, wanted);
    } catch {
      // It holds until the page is left.
    }
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(() => ({ texts, choose }), [texts, choose]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** The texts, and the way to choose their language. */
export function useTexts(): Texts {
  return useContext(Context).texts;
}

/** Chooses the language. */
export function useChooseLanguage(): (language: Language) => void {
  return useContext(Context).choose;
}

/** `t('common.save')`. */
export function useT(): (key: TextKey, values?: Values) => string {
  const texts = useTexts();
  return useCallback((key, values) => texts.get(key, values), [texts]);
}
