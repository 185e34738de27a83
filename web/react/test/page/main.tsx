// SPDX-License-Identifier: Apache-2.0
// The page of the guides, for a browser: ?id= names the customer.
import '../../interlock.css';
import { createClient } from '@interlock/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';

const client = createClient();
const id = new URLSearchParams(location.search).get('id') ?? '';
Object.assign(globalThis, { client });
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App client={client} id={id} />
  </StrictMode>,
);
