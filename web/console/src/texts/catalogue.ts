// SPDX-License-Identifier: Apache-2.0
// All texts on screen. A key that does not exist, or lacks a language, does not compile.
import { admin } from './admin';
import { agency } from './agency';
import { audit } from './audit';
import { changes } from './changes';
import { common } from './common';
import { customer } from './customer';
import { customers } from './customers';
import { entrance } from './entrance';
import { imports } from './imports';
import { settings } from './settings';
import { shell } from './shell';

export const catalogue = {
  ...admin,
  ...agency,
  ...audit,
  ...changes,
  ...common,
  ...settings,
  ...customer,
  ...customers,
  ...shell,
  ...entrance,
  ...imports,
};

/** The name of a text. */
export type TextKey = keyof typeof catalogue;
