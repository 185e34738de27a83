// SPDX-License-Identifier: Apache-2.0
// Every component in every state. ?theme=dark, ?language=es, ?show=conflict open it in that way.
import '../interlock.css';
import './gallery.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Gallery } from './gallery.js';

// For tests: the page is there.
Object.assign(globalThis, { client: undefined });
const wanted = new URLSearchParams(location.search);
const theme = wanted.get('theme');
if (theme) document.documentElement.dataset.ilTheme = theme;
const language = wanted.get('language') === 'es' ? 'es' : 'en';
document.documentElement.lang = language;
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Gallery language={language} show={wanted.get('show')} />
  </StrictMode>,
);
