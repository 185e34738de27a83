// SPDX-License-Identifier: Apache-2.0
import type { Document } from '@interlock/client';
import { client } from '../../../client';

/** Where the bytes of a document are. */
export const addressOf = ({ file }: Document) => `${client.baseUrl}/api/files/${file}/content`;
