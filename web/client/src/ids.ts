// SPDX-License-Identifier: Apache-2.0
// Ids that the client makes itself: keys of actions (UUIDv4) and ids of records (TypeID: the type's prefix, an underscore
// and a UUIDv7 in 26 characters of Crockford base32), so that a record can be referred to before the server has seen it.
import type { Platform } from './platform.js';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const idForm = /^[a-z](?:[a-z_]*[a-z])?_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

type Source = Pick<Platform, 'now' | 'random'>;

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A new idempotency key: a UUIDv4, made once per action and kept over all its tries. */
export function newKey(platform: Pick<Platform, 'random'>): string {
  const bytes = new Uint8Array(16);
  platform.random(bytes);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const text = hex(bytes);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** The 16 bytes of a UUIDv7: 48 bits of milliseconds, 12 bits of `count` (RFC 9562, section 6.2), 62 random bits. */
function uuid7(source: Source, ms: number, count: number): Uint8Array {
  const bytes = new Uint8Array(16);
  source.random(bytes);
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(ms / 2 ** (40 - 8 * i)) & 0xff;
  bytes[6] = 0x70 | (count >> 8);
  bytes[7] = count & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return bytes;
}

/** 128 bits as 26 characters; the first one holds the top three bits. */
function base32(bytes: Uint8Array): string {
  let bits = BigInt(`0x${hex(bytes)}`);
  let text = '';
  for (let i = 0; i < 26; i++, bits >>= 5n) text = alphabet[Number(bits & 31n)] + text;
  return text;
}

/** Makes ids of records that sort in the order of their making, even within one millisecond. */
export class IdMaker {
  #ms = 0;
  #count = 0;

  constructor(readonly source: Source) {}

  /** A new id, for example `customer_01jx0g…`. */
  make(prefix: string): string {
    const now = Math.max(0, this.source.now());
    if (now > this.#ms) {
      this.#ms = now;
      this.#count = 0;
    } else if (++this.#count > 0xfff) {
      this.#ms += 1;
      this.#count = 0;
    }
    return `${prefix}_${base32(uuid7(this.source, this.#ms, this.#count))}`;
  }
}

/** Whether a text has the form of a record's id. */
export function isRecordId(text: unknown): text is string {
  return typeof text === 'string' && idForm.test(text);
}

/** The type's prefix of an id, or nothing if it has none. */
export function idPrefix(id: string): string | undefined {
  return isRecordId(id) ? id.slice(0, -27) : undefined;
}
