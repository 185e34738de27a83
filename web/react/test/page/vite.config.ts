// SPDX-License-Identifier: Apache-2.0
export { default } from '../../gallery/vite.config.js';
