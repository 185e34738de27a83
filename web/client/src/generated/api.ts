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
  | 'file_attached'
  | 'interested_service_converted';

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
  readonly claimed_by: string;
  readonly claimed_until: string;
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

/** One record of /api/tasks. */
export interface Task {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly subject: string | null;
  readonly title: string;
  readonly due_at: string | null;
  readonly assigned_to: string | null;
  readonly done: boolean;
  readonly done_at: string | null;
  readonly remind_at: string | null;
  readonly reminded_at: string | null;
  readonly reminder: 'none' | 'waiting' | 'sent';
}

/** What a new record of /api/tasks is made of. */
export interface TaskCreate {
  id?: string;
  subject: string;
  title: string;
  due_at?: string | null;
  assigned_to?: string | null;
  done?: boolean;
  remind_at?: string | null;
}

/** A change of a record of /api/tasks. */
export interface TaskUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  title?: string;
  due_at?: string | null;
  assigned_to?: string | null;
  done?: boolean;
  remind_at?: string | null;
}

/** One record of /api/notes. */
export interface Note {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly subject: string | null;
  readonly title: string;
  readonly text: string;
}

/** What a new record of /api/notes is made of. */
export interface NoteCreate {
  id?: string;
  subject: string;
  title?: string;
  text: string;
}

/** A change of a record of /api/notes. */
export interface NoteUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  title?: string;
  text?: string;
}

/** One record of /api/documents. */
export interface Document {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly subject: string | null;
  readonly name: string;
  readonly kind: string;
  readonly file: string;
}

/** What a new record of /api/documents is made of. */
export interface DocumentCreate {
  id?: string;
  subject: string;
  name?: string;
  kind?: string;
  file: string;
}

/** A change of a record of /api/documents. */
export interface DocumentUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  name?: string;
  kind?: string;
}

/** One record of /api/checklist-items. */
export interface ChecklistItem {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly subject: string | null;
  readonly name: string;
  readonly required: boolean;
  readonly received: boolean;
  readonly received_at: string | null;
  readonly position: number;
  readonly document: string | null;
}

/** What a new record of /api/checklist-items is made of. */
export interface ChecklistItemCreate {
  id?: string;
  subject: string;
  name: string;
  required?: boolean;
  received?: boolean;
  position?: number;
  document?: string | null;
}

/** A change of a record of /api/checklist-items. */
export interface ChecklistItemUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  name?: string;
  required?: boolean;
  received?: boolean;
  position?: number;
  document?: string | null;
}

/** One record of /api/partners. */
export interface Partner {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly name: string;
  readonly kind: string;
  readonly contact: string;
  readonly email: string;
  readonly phone: string;
  readonly website: string;
  readonly address: string;
  readonly tags: string[];
  readonly assigned_to: string | null;
  readonly active: boolean;
}

/** What a new record of /api/partners is made of. */
export interface PartnerCreate {
  id?: string;
  name: string;
  kind?: string;
  contact?: string;
  email?: string;
  phone?: string;
  website?: string;
  address?: string;
  tags?: string[];
  assigned_to?: string | null;
  active?: boolean;
}

/** A change of a record of /api/partners. */
export interface PartnerUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  name?: string;
  kind?: string;
  contact?: string;
  email?: string;
  phone?: string;
  website?: string;
  address?: string;
  tags?: string[];
  assigned_to?: string | null;
  active?: boolean;
}

/** One record of /api/products. */
export interface Product {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly partner: string;
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly price_minor: number | null;
  readonly currency: string;
  readonly duration: string;
  readonly tags: string[];
  readonly active: boolean;
}

/** What a new record of /api/products is made of. */
export interface ProductCreate {
  id?: string;
  partner: string;
  name: string;
  kind?: string;
  description?: string;
  price_minor?: number | null;
  currency?: string;
  duration?: string;
  tags?: string[];
  active?: boolean;
}

/** A change of a record of /api/products. */
export interface ProductUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  name?: string;
  kind?: string;
  description?: string;
  price_minor?: number | null;
  currency?: string;
  duration?: string;
  tags?: string[];
  active?: boolean;
}

/** One record of /api/interested-services. */
export interface InterestedService {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly customer: string;
  readonly partner: string | null;
  readonly product: string;
  readonly note: string;
  readonly expected_start: string | null;
  readonly expected_end: string | null;
  readonly status: 'draft' | 'converted';
  readonly application: string | null;
}

/** What a new record of /api/interested-services is made of. */
export interface InterestedServiceCreate {
  id?: string;
  customer: string;
  product: string;
  note?: string;
  expected_start?: string | null;
  expected_end?: string | null;
}

/** A change of a record of /api/interested-services. */
export interface InterestedServiceUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  product?: string;
  note?: string;
  expected_start?: string | null;
  expected_end?: string | null;
}

/** One record of /api/applications. */
export interface Application {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string | null;
  readonly deleted_at?: string | null;
  readonly customer: string;
  readonly partner: string | null;
  readonly product: string;
  readonly interested_service: string | null;
  readonly status: 'draft' | 'submitted' | 'offered' | 'accepted' | 'refused' | 'withdrawn';
  readonly due_date: string | null;
  readonly assigned_to: string | null;
  readonly partner_reference: string;
}

/** What a new record of /api/applications is made of. */
export interface ApplicationCreate {
  id?: string;
  customer: string;
  product: string;
  status?: 'draft' | 'submitted' | 'offered' | 'accepted' | 'refused' | 'withdrawn';
  due_date?: string | null;
  assigned_to?: string | null;
  partner_reference?: string;
}

/** A change of a record of /api/applications. */
export interface ApplicationUpdate {
  version?: number | '*';
  updated_at?: string;
  merge?: boolean;
  status?: 'draft' | 'submitted' | 'offered' | 'accepted' | 'refused' | 'withdrawn';
  due_date?: string | null;
  assigned_to?: string | null;
  partner_reference?: string;
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
    inFeed: true;
  };
  'api-tokens': {
    record: Token;
    create: TokenCreate;
    update: never;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'name' | 'user' | 'permissions' | 'expires_at' | 'revoked_at';
    delete: false;
    search: false;
    inFeed: true;
  };
  settings: {
    record: Settings;
    create: never;
    update: SettingsUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'language' | 'currency' | 'time_zone' | 'first_day_of_week' | 'country' | 'modules' | 'binding_leases';
    delete: false;
    search: false;
    inFeed: true;
  };
  leases: {
    record: Lease;
    create: never;
    update: never;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'user' | 'user_name' | 'expires_at';
    delete: false;
    search: false;
    inFeed: false;
  };
  'outbox-messages': {
    record: Message;
    create: never;
    update: never;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'provider' | 'destination' | 'subject' | 'status' | 'number' | 'tries' | 'due_at' | 'give_up_at' | 'last_error' | 'claimed_by' | 'claimed_until';
    delete: false;
    search: false;
    inFeed: false;
  };
  statuses: {
    record: Status;
    create: StatusCreate;
    update: StatusUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'collection' | 'name' | 'type' | 'position' | 'moves';
    delete: true;
    search: false;
    inFeed: true;
  };
  customers: {
    record: Customer;
    create: CustomerCreate;
    update: CustomerUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'name' | 'email' | 'phone' | 'status' | 'assigned_to' | 'tags' | 'address';
    delete: true;
    search: true;
    inFeed: true;
  };
  comments: {
    record: Comment;
    create: CommentCreate;
    update: never;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'text' | 'reply_to';
    delete: true;
    search: false;
    inFeed: true;
  };
  activities: {
    record: Activity;
    create: ActivityCreate;
    update: ActivityUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'kind' | 'text' | 'pinned' | 'at';
    delete: true;
    search: false;
    inFeed: true;
  };
  files: {
    record: File;
    create: never;
    update: FileUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'name' | 'content_type' | 'size' | 'sha256' | 'subject';
    delete: true;
    search: true;
    inFeed: true;
  };
  tasks: {
    record: Task;
    create: TaskCreate;
    update: TaskUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'title' | 'due_at' | 'assigned_to' | 'done' | 'done_at' | 'remind_at' | 'reminded_at' | 'reminder';
    delete: true;
    search: true;
    inFeed: true;
  };
  notes: {
    record: Note;
    create: NoteCreate;
    update: NoteUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'title' | 'text';
    delete: true;
    search: true;
    inFeed: true;
  };
  documents: {
    record: Document;
    create: DocumentCreate;
    update: DocumentUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'name' | 'kind' | 'file';
    delete: true;
    search: true;
    inFeed: true;
  };
  'checklist-items': {
    record: ChecklistItem;
    create: ChecklistItemCreate;
    update: ChecklistItemUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'subject' | 'name' | 'required' | 'received' | 'received_at' | 'position' | 'document';
    delete: true;
    search: false;
    inFeed: true;
  };
  partners: {
    record: Partner;
    create: PartnerCreate;
    update: PartnerUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'name' | 'kind' | 'contact' | 'email' | 'phone' | 'website' | 'address' | 'tags' | 'assigned_to' | 'active';
    delete: true;
    search: true;
    inFeed: true;
  };
  products: {
    record: Product;
    create: ProductCreate;
    update: ProductUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'partner' | 'name' | 'kind' | 'description' | 'price_minor' | 'currency' | 'duration' | 'tags' | 'active';
    delete: true;
    search: true;
    inFeed: true;
  };
  'interested-services': {
    record: InterestedService;
    create: InterestedServiceCreate;
    update: InterestedServiceUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'customer' | 'partner' | 'product' | 'note' | 'expected_start' | 'expected_end' | 'status' | 'application';
    delete: true;
    search: false;
    inFeed: true;
  };
  applications: {
    record: Application;
    create: ApplicationCreate;
    update: ApplicationUpdate;
    filter: 'id' | 'created_at' | 'updated_at' | 'created_by' | 'customer' | 'partner' | 'product' | 'interested_service' | 'status' | 'due_date' | 'assigned_to' | 'partner_reference';
    delete: true;
    search: false;
    inFeed: true;
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
    readonly token: string;
  } };
  'api-tokens/revoke': { request: {
    id: string;
  }; answer: Token };
  'applications/create': { request: ApplicationCreate; answer: Application };
  'applications/delete': { request: { id: string } & Base; answer: Deleted };
  'applications/restore': { request: {
    id: string;
    version?: number;
  }; answer: Application };
  'applications/set-status': { request: {
    id: string;
    status: string;
    expected_status?: string | null;
    version?: number | null;
  }; answer: Application };
  'applications/update': { request: { id: string } & ApplicationUpdate; answer: Application & { readonly merged?: true } };
  'checklist-items/create': { request: ChecklistItemCreate; answer: ChecklistItem };
  'checklist-items/delete': { request: { id: string } & Base; answer: Deleted };
  'checklist-items/restore': { request: {
    id: string;
    version?: number;
  }; answer: ChecklistItem };
  'checklist-items/update': { request: { id: string } & ChecklistItemUpdate; answer: ChecklistItem & { readonly merged?: true } };
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
  'documents/create': { request: DocumentCreate; answer: Document };
  'documents/delete': { request: { id: string } & Base; answer: Deleted };
  'documents/restore': { request: {
    id: string;
    version?: number;
  }; answer: Document };
  'documents/update': { request: { id: string } & DocumentUpdate; answer: Document & { readonly merged?: true } };
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
  'interested-services/convert': { request: {
    id: string;
    application?: string | null;
    version?: number | null;
  }; answer: {
    readonly interested_service: InterestedService;
    readonly application: Application;
    readonly created: boolean;
  } };
  'interested-services/create': { request: InterestedServiceCreate; answer: InterestedService };
  'interested-services/delete': { request: { id: string } & Base; answer: Deleted };
  'interested-services/restore': { request: {
    id: string;
    version?: number;
  }; answer: InterestedService };
  'interested-services/update': { request: { id: string } & InterestedServiceUpdate; answer: InterestedService & { readonly merged?: true } };
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
  'notes/create': { request: NoteCreate; answer: Note };
  'notes/delete': { request: { id: string } & Base; answer: Deleted };
  'notes/restore': { request: {
    id: string;
    version?: number;
  }; answer: Note };
  'notes/update': { request: { id: string } & NoteUpdate; answer: Note & { readonly merged?: true } };
  'partners/create': { request: PartnerCreate; answer: Partner };
  'partners/delete': { request: { id: string } & Base; answer: Deleted };
  'partners/restore': { request: {
    id: string;
    version?: number;
  }; answer: Partner };
  'partners/update': { request: { id: string } & PartnerUpdate; answer: Partner & { readonly merged?: true } };
  'products/create': { request: ProductCreate; answer: Product };
  'products/delete': { request: { id: string } & Base; answer: Deleted };
  'products/restore': { request: {
    id: string;
    version?: number;
  }; answer: Product };
  'products/update': { request: { id: string } & ProductUpdate; answer: Product & { readonly merged?: true } };
  'settings/update': { request: { id: string } & SettingsUpdate; answer: Settings & { readonly merged?: true } };
  'statuses/create': { request: StatusCreate; answer: Status };
  'statuses/delete': { request: { id: string } & Base; answer: Deleted };
  'statuses/restore': { request: {
    id: string;
    version?: number;
  }; answer: Status };
  'statuses/update': { request: { id: string } & StatusUpdate; answer: Status & { readonly merged?: true } };
  'tasks/create': { request: TaskCreate; answer: Task };
  'tasks/delete': { request: { id: string } & Base; answer: Deleted };
  'tasks/restore': { request: {
    id: string;
    version?: number;
  }; answer: Task };
  'tasks/update': { request: { id: string } & TaskUpdate; answer: Task & { readonly merged?: true } };
  'users/disable': { request: {
    id: string;
    version?: number | null;
  }; answer: User };
  'users/enable': { request: {
    id: string;
    version?: number | null;
  }; answer: User };
  'users/invitation-link': { request: {
    id: string;
    version?: number | null;
  }; answer: {
    readonly id: string | null;
    readonly token: string;
    readonly expires_at: string;
  } };
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
    inFeed: true,
    through: undefined,
    sort: '-updated_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', email: 'text', role: 'text', status: 'text', scopes: 'list', joined_at: 'time' },
  },
  'api-tokens': {
    prefix: 'token',
    takesId: false,
    inFeed: true,
    through: undefined,
    sort: '-updated_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', user: 'text', permissions: 'list', expires_at: 'time', revoked_at: 'time' },
  },
  settings: {
    prefix: 'settings',
    takesId: false,
    inFeed: true,
    through: undefined,
    sort: '-updated_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', language: 'text', currency: 'text', time_zone: 'text', first_day_of_week: 'integer', country: 'text', modules: 'list', labels: 'json', binding_leases: 'list' },
  },
  leases: {
    prefix: 'lease',
    takesId: false,
    inFeed: false,
    through: 'subject',
    sort: '-expires_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', user: 'text', user_name: 'text', expires_at: 'time' },
  },
  'outbox-messages': {
    prefix: 'message',
    takesId: false,
    inFeed: false,
    through: undefined,
    sort: '-updated_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', provider: 'text', destination: 'text', payload: 'json', subject: 'text', status: 'text', number: 'integer', tries: 'integer', due_at: 'time', give_up_at: 'time', last_error: 'text', claimed_by: 'text', claimed_until: 'time' },
  },
  statuses: {
    prefix: 'status',
    takesId: true,
    inFeed: true,
    through: undefined,
    sort: 'position',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', collection: 'text', name: 'text', type: 'text', position: 'integer', moves: 'list' },
  },
  customers: {
    prefix: 'customer',
    takesId: true,
    inFeed: true,
    through: undefined,
    sort: '-updated_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', email: 'text', phone: 'text', status: 'text', assigned_to: 'text', tags: 'list', address: 'text' },
  },
  comments: {
    prefix: 'comment',
    takesId: true,
    inFeed: true,
    through: 'subject',
    sort: 'created_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', text: 'text', reply_to: 'text' },
  },
  activities: {
    prefix: 'activity',
    takesId: true,
    inFeed: true,
    through: 'subject',
    sort: '-at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', kind: 'text', text: 'text', pinned: 'boolean', at: 'time' },
  },
  files: {
    prefix: 'file',
    takesId: false,
    inFeed: true,
    through: 'subject',
    sort: '-created_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', content_type: 'text', size: 'integer', sha256: 'text', subject: 'text' },
  },
  tasks: {
    prefix: 'task',
    takesId: true,
    inFeed: true,
    through: 'subject',
    sort: 'due_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', title: 'text', due_at: 'time', assigned_to: 'text', done: 'boolean', done_at: 'time', remind_at: 'time', reminded_at: 'time', reminder: 'text' },
  },
  notes: {
    prefix: 'note',
    takesId: true,
    inFeed: true,
    through: 'subject',
    sort: '-updated_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', title: 'text', text: 'text' },
  },
  documents: {
    prefix: 'document',
    takesId: true,
    inFeed: true,
    through: 'subject',
    sort: '-created_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', name: 'text', kind: 'text', file: 'text' },
  },
  'checklist-items': {
    prefix: 'checklist_item',
    takesId: true,
    inFeed: true,
    through: 'subject',
    sort: 'position',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', subject: 'text', name: 'text', required: 'boolean', received: 'boolean', received_at: 'time', position: 'integer', document: 'text' },
  },
  partners: {
    prefix: 'partner',
    takesId: true,
    inFeed: true,
    through: undefined,
    sort: 'name',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', name: 'text', kind: 'text', contact: 'text', email: 'text', phone: 'text', website: 'text', address: 'text', tags: 'list', assigned_to: 'text', active: 'boolean' },
  },
  products: {
    prefix: 'product',
    takesId: true,
    inFeed: true,
    through: undefined,
    sort: 'name',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', partner: 'text', name: 'text', kind: 'text', description: 'text', price_minor: 'integer', currency: 'text', duration: 'text', tags: 'list', active: 'boolean' },
  },
  'interested-services': {
    prefix: 'interested_service',
    takesId: true,
    inFeed: true,
    through: 'customer',
    sort: '-updated_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', customer: 'text', partner: 'text', product: 'text', note: 'text', expected_start: 'text', expected_end: 'text', status: 'text', application: 'text' },
  },
  applications: {
    prefix: 'application',
    takesId: true,
    inFeed: true,
    through: 'customer',
    sort: '-updated_at',
    fields: { id: 'text', version: 'integer', created_at: 'time', updated_at: 'time', created_by: 'text', deleted_at: 'time', customer: 'text', partner: 'text', product: 'text', interested_service: 'text', status: 'text', due_date: 'text', assigned_to: 'text', partner_reference: 'text' },
  },
} as const;

/** Operations that take no key, since repeating them does no harm. */
export const keylessOperations: readonly string[] = ['leases/release', 'leases/renew', 'leases/take'];
