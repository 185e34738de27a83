// SPDX-License-Identifier: Apache-2.0
// Generated from the server's /api/openapi.json by generate/generate.mjs. Do not edit.

/** Every code that a refusal can carry. */
export type RefusalCode =
  | 'internal'
  | 'malformed_request'
  | 'malformed_json'
  | 'key_missing'
  | 'key_invalid'
  | 'key_reused'
  | 'unauthenticated'
  | 'login_failed'
  | 'forbidden'
  | 'cross_site'
  | 'not_found'
  | 'method_not_allowed'
  | 'precondition_required'
  | 'precondition_invalid'
  | 'unknown_field'
  | 'required'
  | 'wrong_type'
  | 'too_long'
  | 'out_of_range'
  | 'invalid_value'
  | 'unknown_reference'
  | 'leased'
  | 'stale_version'
  | 'status_mismatch'
  | 'no_transition'
  | 'id_taken'
  | 'not_unique'
  | 'referenced'
  | 'too_many'
  | 'overloaded'
  | 'commit_unknown'
  | 'out_of_service'
  | 'disk_full'
  | 'timed_out'
  | 'body_too_large'
  | 'header_too_large'
  | 'media_type'
  | 'draining'
  | 'link_invalid'
  | 'already_set_up'
  | 'module_off'
  | 'last_owner'
  | 'secret_shown_once'
  | 'too_old'
  | 'batch_mode'
  | 'too_slow'
  | 'file_type'
  | 'file_attached';

/** What a change is based on. */
export interface Base {
  version?: number | '*';
  updated_at?: string;
}

/** What a delete answers. */
export interface Deleted {
  readonly id: string;
  readonly version: number;
}

/** One record of /api/users. */
export interface User {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly name: string;
  readonly email: string;
  readonly role: 'owner' | 'admin' | 'staff' | 'viewer' | 'guest';
  readonly status: 'invited' | 'active' | 'disabled';
  readonly scopes: string[];
  readonly joined_at: string | null;
}

/** A change of a record of /api/users. */
export interface UserUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  name?: string;
  role?: 'owner' | 'admin' | 'staff' | 'viewer' | 'guest';
  status?: 'invited' | 'active' | 'disabled';
  scopes?: string[];
}

/** One record of /api/api-tokens. */
export interface Token {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly name: string;
  readonly user: string | null;
  readonly permissions: string[];
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

/** What a new record of /api/api-tokens is made of. */
export interface TokenCreate {
  name: string;
  permissions: string[];
  expires_at?: string | null;
  user?: string | null;
}

/** One record of /api/settings. */
export interface Settings {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly language: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly first_day_of_week: number;
  readonly country: string;
  readonly modules: string[];
  readonly labels: unknown;
  readonly binding_leases: string[];
}

/** A change of a record of /api/settings. */
export interface SettingsUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  language?: string;
  currency?: string;
  time_zone?: string;
  first_day_of_week?: number;
  country?: string;
  modules?: string[];
  labels?: unknown;
  binding_leases?: string[];
}

/** One record of /api/leases. */
export interface Lease {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly subject: string | null;
  readonly user: string | null;
  readonly user_name: string;
  readonly expires_at: string;
}

/** One record of /api/outbox-messages. */
export interface Message {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly provider: string;
  readonly destination: string;
  readonly payload: unknown;
  readonly subject: string;
  readonly status: string;
  readonly number: number;
  readonly tries: number;
  readonly due_at: string;
  readonly give_up_at: string;
  readonly last_error: string;
}

/** One record of /api/statuses. */
export interface Status {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly collection: 'customers';
  readonly name: string;
  readonly type: 'open' | 'ongoing' | 'won' | 'lost';
  readonly position: number;
  readonly moves: string[];
}

/** What a new record of /api/statuses is made of. */
export interface StatusCreate {
  id?: string;
  collection: 'customers';
  name: string;
  type: 'open' | 'ongoing' | 'won' | 'lost';
  position?: number;
  moves?: string[];
}

/** A change of a record of /api/statuses. */
export interface StatusUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  type?: 'open' | 'ongoing' | 'won' | 'lost';
  position?: number;
  moves?: string[];
}

/** One record of /api/customers. */
export interface Customer {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly status: string;
  readonly assigned_to: string | null;
  readonly tags: string[];
  readonly address: string;
}

/** What a new record of /api/customers is made of. */
export interface CustomerCreate {
  id?: string;
  name: string;
  email?: string;
  phone?: string;
  status?: string;
  assigned_to?: string | null;
  tags?: string[];
  address?: string;
}

/** A change of a record of /api/customers. */
export interface CustomerUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  name?: string;
  email?: string;
  phone?: string;
  status?: string;
  assigned_to?: string | null;
  tags?: string[];
  address?: string;
}

/** One record of /api/comments. */
export interface Comment {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly subject: string | null;
  readonly text: string;
  readonly reply_to: string | null;
}

/** What a new record of /api/comments is made of. */
export interface CommentCreate {
  id?: string;
  subject: string;
  text: string;
  reply_to?: string | null;
}

/** One record of /api/activities. */
export interface Activity {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly subject: string | null;
  readonly kind: string;
  readonly text: string;
  readonly pinned: boolean;
  readonly at: string;
}

/** What a new record of /api/activities is made of. */
export interface ActivityCreate {
  id?: string;
  subject: string;
  kind?: string;
  text: string;
  at?: string;
}

/** A change of a record of /api/activities. */
export interface ActivityUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  kind?: string;
  text?: string;
  at?: string;
}

/** One record of /api/files. */
export interface File {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly name: string;
  readonly content_type: string;
  readonly size: number;
  readonly sha256: string;
  readonly subject: string | null;
}

/** A change of a record of /api/files. */
export interface FileUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  name?: string;
}

/** The types of each collection. */
export interface Collections {
  users: {
    record: User;
    create: never;
    update: UserUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'name' | 'email' | 'role' | 'status' | 'scopes' | 'joined_at';
    delete: false;
    search: true;
  };
  'api-tokens': {
    record: Token;
    create: TokenCreate;
    update: never;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'name' | 'user' | 'permissions' | 'expires_at' | 'revoked_at';
    delete: false;
    search: false;
  };
  settings: {
    record: Settings;
    create: never;
    update: SettingsUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'language' | 'currency' | 'time_zone' | 'first_day_of_week' | 'country' | 'modules' | 'binding_leases';
    delete: false;
    search: false;
  };
  leases: {
    record: Lease;
    create: never;
    update: never;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'user' | 'user_name' | 'expires_at';
    delete: false;
    search: false;
  };
  'outbox-messages': {
    record: Message;
    create: never;
    update: never;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'provider' | 'destination' | 'subject' | 'status' | 'number' | 'tries' | 'due_at' | 'give_up_at' | 'last_error';
    delete: false;
    search: false;
  };
  statuses: {
    record: Status;
    create: StatusCreate;
    update: StatusUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'collection' | 'name' | 'type' | 'position' | 'moves';
    delete: true;
    search: false;
  };
  customers: {
    record: Customer;
    create: CustomerCreate;
    update: CustomerUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'name' | 'email' | 'phone' | 'status' | 'assigned_to' | 'tags' | 'address';
    delete: true;
    search: true;
  };
  comments: {
    record: Comment;
    create: CommentCreate;
    update: never;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'text' | 'reply_to';
    delete: true;
    search: false;
  };
  activities: {
    record: Activity;
    create: ActivityCreate;
    update: ActivityUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'kind' | 'text' | 'pinned' | 'at';
    delete: true;
    search: false;
  };
  files: {
    record: File;
    create: never;
    update: FileUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'name' | 'content_type' | 'size' | 'sha256' | 'subject';
    delete: true;
    search: true;
  };
}

/** Request and answer of each operation. */
export interface Operations {
  'activities/create': { request: ActivityCreate; answer: Activity };
  'activities/delete': { request: { id: string } & Base; answer: Deleted };
  'activities/pin': { request: {
    id: string;
    version?: number | null;
  }; answer: Activity };
  'activities/restore': { request: {
    id: string;
    version?: number;
  }; answer: Activity };
  'activities/unpin': { request: {
    id: string;
    version?: number | null;
  }; answer: Activity };
  'activities/update': { request: { id: string } & ActivityUpdate; answer: Activity & { readonly merged?: true } };
  'api-tokens/create': { request: TokenCreate; answer: {
    readonly id: string | null;
    readonly version: number;
    readonly name: string;
    readonly user: string | null;
    readonly permissions: string[];
    readonly expires_at: string | null;
  } };
  'api-tokens/revoke': { request: {
    id: string;
  }; answer: Token };
  'comments/create': { request: CommentCreate; answer: Comment };
  'comments/delete': { request: { id: string } & Base; answer: Deleted };
  'comments/restore': { request: {
    id: string;
    version?: number;
  }; answer: Comment };
  'customers/create': { request: CustomerCreate; answer: Customer };
  'customers/delete': { request: { id: string } & Base; answer: Deleted };
  'customers/redact': { request: {
    id: string;
    version?: number | null;
  }; answer: Customer };
  'customers/restore': { request: {
    id: string;
    version?: number;
  }; answer: Customer };
  'customers/set-status': { request: {
    id: string;
    status: string;
    expected_status?: string | null;
    version?: number | null;
  }; answer: Customer };
  'customers/update': { request: { id: string } & CustomerUpdate; answer: Customer & { readonly merged?: true } };
  'files/attach': { request: {
    id: string;
    subject: string;
  }; answer: File };
  'files/delete': { request: { id: string } & Base; answer: Deleted };
  'files/restore': { request: {
    id: string;
    version?: number;
  }; answer: File };
  'files/update': { request: { id: string } & FileUpdate; answer: File & { readonly merged?: true } };
  'leases/release': { request: {
    subject: string;
  }; answer: {
    readonly subject: string | null;
    readonly released: boolean;
  } };
  'leases/renew': { request: {
    subject: string;
  }; answer: Lease };
  'leases/take': { request: {
    subject: string;
    take_over?: boolean;
  }; answer: Lease };
  'settings/update': { request: { id: string } & SettingsUpdate; answer: Settings & { readonly merged?: true } };
  'statuses/create': { request: StatusCreate; answer: Status };
  'statuses/delete': { request: { id: string } & Base; answer: Deleted };
  'statuses/restore': { request: {
    id: string;
    version?: number;
  }; answer: Status };
  'statuses/update': { request: { id: string } & StatusUpdate; answer: Status & { readonly merged?: true } };
  'users/disable': { request: {
    id: string;
    version?: number | null;
  }; answer: User };
  'users/enable': { request: {
    id: string;
    version?: number | null;
  }; answer: User };
  'users/invite': { request: {
    id?: string | null;
    email: string;
    name?: string;
    role: string;
    scopes?: string[];
  }; answer: User };
  'users/reinvite': { request: {
    id: string;
    version?: number | null;
  }; answer: User };
  'users/update': { request: { id: string } & UserUpdate; answer: User & { readonly merged?: true } };
  'users/update-profile': { request: {
    name: string;
  }; answer: User };
}

/** What is known of each collection at run time. */
export const collectionTable = {
  users: {
    prefix: 'user',
    takesId: false,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', email: 'text', role: 'text', status: 'text', scopes: 'list', joined_at: 'time' },
  },
  'api-tokens': {
    prefix: 'token',
    takesId: false,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', user: 'text', permissions: 'list', expires_at: 'time', revoked_at: 'time' },
  },
  settings: {
    prefix: 'settings',
    takesId: false,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', language: 'text', currency: 'text', time_zone: 'text', first_day_of_week: 'integer', country: 'text', modules: 'list', labels: 'json', binding_leases: 'list' },
  },
  leases: {
    prefix: 'lease',
    takesId: false,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', user: 'text', user_name: 'text', expires_at: 'time' },
  },
  'outbox-messages': {
    prefix: 'message',
    takesId: false,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', provider: 'text', destination: 'text', payload: 'json', subject: 'text', status: 'text', number: 'integer', tries: 'integer', due_at: 'time', give_up_at: 'time', last_error: 'text' },
  },
  statuses: {
    prefix: 'status',
    takesId: true,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', collection: 'text', name: 'text', type: 'text', position: 'integer', moves: 'list' },
  },
  customers: {
    prefix: 'customer',
    takesId: true,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', email: 'text', phone: 'text', status: 'text', assigned_to: 'text', tags: 'list', address: 'text' },
  },
  comments: {
    prefix: 'comment',
    takesId: true,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', text: 'text', reply_to: 'text' },
  },
  activities: {
    prefix: 'activity',
    takesId: true,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', kind: 'text', text: 'text', pinned: 'boolean', at: 'time' },
  },
  files: {
    prefix: 'file',
    takesId: false,
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', content_type: 'text', size: 'integer', sha256: 'text', subject: 'text' },
  },
} as const;

/** Operations that take no key, since repeating them does no harm. */
export const keylessOperations: readonly string[] = ['leases/release', 'leases/renew', 'leases/take'];
