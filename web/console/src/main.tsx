// SPDX-License-Identifier: Apache-2.0
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { tellServer, watchFaults } from './lib/report';
import { askEarly } from './session/session';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '../../react/interlock.css';
import './styles.css';
import './components/rows.css';

watchFaults();
void askEarly();
createRoot(document.getElementById('root')!, { onCaughtError: (error) => tellServer(error) }).render(<App />);
