// SPDX-License-Identifier: Apache-2.0
import { createRoot } from 'react-dom/client';
import { App } from './app';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles.css';

createRoot(document.getElementById('root')!).render(<App />);
