// SPDX-License-Identifier: Apache-2.0
// What every browser has and Node 18 has only as a module.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto as Crypto;
