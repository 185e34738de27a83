// SPDX-License-Identifier: Apache-2.0
// Every text of the components, in English. Other languages have the same members: see Texts.

/** A title, and what to make of it. */
export interface ProblemText {
  readonly title: string;
  readonly text: string;
}

const codes: Readonly<Record<string, ProblemText>> = {
  stale_version: {
    title: 'Changed by somebody else meanwhile',
    text: 'Nothing was overwritten. Compare both changes and decide.',
  },
  status_mismatch: { title: 'No longer in this state', text: 'Somebody was faster. Look at the record as it is now.' },
  no_transition: { title: 'Not possible from this state', text: 'Choose one of the moves that are offered now.' },
  id_taken: { title: 'Already there', text: 'A record with this id exists. Begin anew.' },
  not_unique: { title: 'This value is taken', text: 'Another record has it already. Choose another one.' },
  referenced: { title: 'Still in use', text: 'Other records refer to this one. Change those first.' },
  already_set_up: { title: 'Already set up', text: 'This server has an owner. Log in instead.' },
  last_owner: { title: 'The last owner stays', text: 'Make somebody else an owner first.' },
  secret_shown_once: { title: 'The secret was shown already', text: 'It is not kept. Make a new one.' },
  required: { title: 'Something is missing', text: 'Fill in this field.' },
  wrong_type: { title: 'Not the right kind of value', text: 'Check this field.' },
  too_long: { title: 'Too long', text: 'Shorten this field.' },
  out_of_range: { title: 'Out of range', text: 'Choose a value within the limits.' },
  invalid_value: { title: 'Not an acceptable value', text: 'Check this field.' },
  unknown_field: { title: 'This page is out of date', text: 'Load it again, then repeat your change.' },
  precondition_required: { title: 'This page is out of date', text: 'Load it again, then repeat your change.' },
  unknown_reference: {
    title: 'What this refers to is gone',
    text: 'It was deleted, or you may not see it. Choose another one.',
  },
  key_reused: {
    title: 'Another action was sent under this key',
    text: 'Nothing was done. Begin the action anew.',
  },
  interested_service_converted: {
    title: 'It has become an application',
    text: 'Work on its application, or delete that first.',
  },
  module_off: { title: 'This module is switched off', text: 'An owner or admin can switch it on in the settings.' },
  cross_site: { title: 'Called from another site', text: 'Open this page from its own address.' },
  login_failed: { title: 'E-mail address or password is wrong', text: 'Check both, or set a new password.' },
  link_invalid: { title: 'This link does not work any more', text: 'It was used or is too old. Ask for a new one.' },
  too_old: { title: 'Older than what is kept', text: 'Load the page again.' },
  commit_unknown: {
    title: 'Not known yet whether it was done',
    text: 'Try again: the same action is asked for once more and never done twice.',
  },
  out_of_service: {
    title: 'These data are out of service',
    text: 'Nothing was changed. Your administrator has to look at the server.',
  },
  disk_full: {
    title: 'The server has no room left',
    text: 'Nothing was changed. Your administrator has to make room.',
  },
  timed_out: { title: 'It took too long', text: 'Nothing was changed. Try again.' },
  draining: { title: 'The server is being restarted', text: 'Nothing was changed. Try again in a moment.' },
  body_too_large: { title: 'Too much at once', text: 'Send it in smaller parts.' },
  file_type: {
    title: 'Files of this kind are not taken',
    text: 'Or the file is not what its name says. Choose another one.',
  },
  file_attached: { title: 'This file belongs to another record already', text: 'Upload it once more for this one.' },
};

/** Names in the catalogue, by the names that the program uses. */
export type Names = Readonly<Record<string, string>>;

const operations: Names = {
  'comments/create': 'Comment',
  'customers/set-status': 'Change status',
  'customers/redact': 'Redact customer',
  'activities/pin': 'Pin activity',
  'activities/unpin': 'Unpin activity',
  'users/invite': 'Invite user',
  'users/reinvite': 'Invite user again',
  'users/disable': 'Disable user',
  'users/enable': 'Enable user',
  'users/update-profile': 'Change profile',
  'api-tokens/revoke': 'Revoke API token',
};

const collections: Names = {
  activities: 'activity',
  'api-tokens': 'API token',
  comments: 'comment',
  customers: 'customer',
  settings: 'settings',
  statuses: 'status',
  users: 'user',
};

export const english = {
  language: 'en',

  // What a field or a person is called when nobody knows.
  somebody: 'Somebody',
  system: 'System',
  empty: 'empty',
  yes: 'yes',
  no: 'no',

  // Ways on.
  retry: 'Try again',
  takeOver: 'Take over',
  logIn: 'Log in',
  reload: 'Show the current state',
  resolve: 'Compare changes',
  dismiss: 'Dismiss',
  close: 'Close',
  loadMore: 'Show more',
  loading: 'Loading…',
  notHereYet: 'Not loaded on this device yet. It comes by itself once the connection is back.',

  /** The codes that refusals carry; a program adds those of its own operations. */
  codes,
  /** Where a code says nothing of its own: by kind. */
  problems: {
    unauthenticated: { title: 'You are logged out', text: 'Log in again; what you typed stays here.' },
    forbidden: { title: 'You may not do this', text: 'Ask an owner or admin for the right to it.' },
    not_found: { title: 'Not found', text: 'It was deleted, or you may not see it any more.' },
    conflict: { title: 'Not possible as things are now', text: 'Somebody was faster. Look at the current state.' },
    invalid: { title: 'This was not accepted', text: 'Check what you entered.' },
    leased: { title: 'Somebody else is editing this', text: 'Wait until they are done, or take over.' },
    too_many: { title: 'Too many requests', text: 'Wait a little, then try again.' },
    busy: { title: 'The server is busy', text: 'Nothing was changed. Try again in a moment.' },
    connection_lost: {
      title: 'No connection',
      text: 'The server cannot be reached. Trying again does nothing twice.',
    },
    gateway: {
      title: 'The server cannot be reached behind its proxy',
      text: 'Try again in a moment; nothing is done twice.',
    },
    timed_out: { title: 'The server did not answer in time', text: 'Trying again does nothing twice.' },
    network_page: {
      title: 'The network answers with a page of its own',
      text: 'Perhaps it asks for a log-in. Open a website, then try again.',
    },
    damaged: { title: 'The answer of the server is damaged', text: 'Trying again does nothing twice.' },
    unexpected: { title: 'The server failed', text: 'Try again. If it stays, tell your administrator.' },
    storage: { title: 'This browser keeps nothing', text: 'Leave this tab open until everything is sent.' },
    discarded: { title: 'Dropped', text: 'This action was discarded before it was sent.' },
    unknown: { title: 'Something went wrong here', text: 'Load the page again. What you typed is kept.' },
  } satisfies Readonly<Record<string, ProblemText>>,
  /** What operations are called, by name: `customers/set-status`. A program adds its own. */
  operations,
  /** What one record of a collection is called, by the collection's name. */
  collections,
  verbs: { create: 'Create', update: 'Change', delete: 'Delete', restore: 'Restore' } as Names,
  /** An operation that has no name of its own: verb and collection. */
  action: (verb: string, collection: string) => `${verb} ${collection}`,
  /** Which field a refusal is about. */
  aboutField: (field: string) => `Field: ${field}`,
  atMost: (limit: string) => `At most ${limit}.`,
  tryAgain: (when: string) => `Possible again ${when}.`,
  heldBy: (name: string) => `${name} is editing this.`,

  button: {
    pending: 'Working…',
    queued: 'Waiting for the network',
    unanswered: 'No answer yet',
    done: 'Done',
    queuedText: 'Kept in this browser. It is sent by itself once the connection is back; no second click is needed.',
    unansweredText:
      'Whether it was done is not known yet. The server is asked again by itself, and nothing is done twice; no second click is needed.',
    doneNotRefreshed: {
      title: 'Done, but this page could not be updated',
      text: 'It was carried out; do not click again. Only what you see here may be old.',
    },
    refreshAgain: 'Update the page',
  },

  conflict: {
    title: 'Two changes to the same record',
    intro: 'Somebody saved this record while you were editing. Nothing was overwritten: choose for each field.',
    introBy: (names: string) =>
      `${names} saved this record while you were editing. Nothing was overwritten: choose for each field.`,
    again: 'It was changed once more meanwhile. Your choices are kept; look at what is new.',
    mine: 'Mine',
    theirs: 'Theirs',
    /** Theirs, where it is known who changed it. */
    theirsBy: (name: string) => `By ${name}`,
    before: 'Before',
    unknownBefore: 'not known',
    edit: 'Something else',
    editLabel: (field: string) => `New value of ${field}`,
    allMine: 'Keep all of mine',
    allTheirs: 'Take all of theirs',
    unquestioned: 'Kept as you changed it, since nobody else did:',
    open: (count: number) => (count === 1 ? 'One field waits for your choice' : `${count} fields wait for your choice`),
    ready: 'Everything is decided',
    apply: 'Save',
    applying: 'Saving…',
    back: 'Back to the form',
    invalidJson: 'This value cannot be read',
  },

  history: {
    title: 'History',
    none: 'No changes yet',
    noneText: 'Each change will be listed here with its author.',
    /** What somebody did with the record. */
    verbs: { create: 'created it', update: 'changed it', delete: 'deleted it', restore: 'restored it' } as Names,
    from: 'from',
    to: 'to',
    version: (version: string) => `Version ${version}`,
    updated: (count: number) => (count === 1 ? 'One new change' : `${count} new changes`),
  },

  comments: {
    title: 'Comments',
    none: 'No comments yet',
    noneText: 'Write the first one below.',
    label: 'Your comment',
    replyLabel: (name: string) => `Your answer to ${name}`,
    send: 'Comment',
    sending: 'Sending…',
    reply: 'Answer',
    replyTo: (name: string) => `Answer to ${name}`,
    stopReply: 'Do not answer',
    pending: 'Not confirmed yet',
    failed: 'Not accepted',
    again: 'Send again',
    change: 'Change',
    drop: 'Discard',
    draftKept: 'Draft kept',
    draftRestored: 'Your draft is still here',
    draftNotKept: 'This browser keeps no drafts; do not close the page',
    arrived: (count: number) => (count === 1 ? 'One new comment' : `${count} new comments`),
    earlier: 'Show earlier comments',
    hint: 'Ctrl + Enter sends',
  },

  queue: {
    title: 'Actions that are not done yet',
    saved: 'Everything is saved',
    sending: (count: string) => `Sending ${count}`,
    offline: 'Offline',
    offlineWaiting: (count: string) => `Offline, ${count} waiting`,
    unanswered: 'No answer yet',
    unansweredWaiting: (count: string) => `No answer yet to ${count}`,
    unansweredText:
      'The server has not answered. Whether what was sent is done is not known yet; it is asked again by itself, and nothing is done twice.',
    loggedOut: 'Logged out',
    loggedOutText: 'Log in again; what waits here is then sent under your name.',
    otherUser: 'Somebody else is logged in',
    otherUserText: 'What waits here goes out when its own user is back.',
    unexpected: 'No proper answer',
    unexpectedText:
      'Something answers, but not as the server should: perhaps the network asks for a log-in, perhaps the server failed. What you did is kept and sent again by itself.',
    aside: (count: string) => `${count} need you`,
    reconnecting: 'Reconnecting',
    unsaved: 'Not saved yet',
    unsavedTitle: 'Typed, not saved yet',
    unsavedText: 'Kept as a draft in this browser only. Open the record to save it.',
    unsavedLosable: 'This browser keeps no drafts: what you typed is lost when you leave the page without saving.',
    offlineText: 'You can go on working: everything is kept in this browser and sent by itself.',
    nextTry: (time: string) => `Next try at ${time}.`,
    syncNow: 'Send now',
    nothing: 'Nothing waits',
    nothingText: 'Everything that you did has reached the server.',
    waitingTitle: 'Waiting',
    asideTitle: 'Set aside',
    ready: 'Is sent next',
    sent: 'Sent, not answered yet',
    waiting: 'Waits for the one before',
    refused: 'Not accepted',
    held: 'Waits for one that was set aside',
    tooOld: 'Too old to be sent by itself',
    tooOldText: 'It waited for days. Check whether it is still right, then send it or discard it.',
    retry: 'Send again',
    discard: 'Discard',
    discardSure: 'Discard for good?',
    discardMaybeDone: 'It may have been carried out already.',
    discardYes: 'Yes, discard',
    discardNo: 'Keep',
    madeAt: (time: string) => `from ${time}`,
    open: 'Open the record',
    more: (count: string) => `and ${count} more`,
    storage: {
      full: 'The storage of this browser is full. Leave this tab open until everything is sent.',
      unavailable: 'This browser keeps nothing here (a private window?). Leave this tab open until everything is sent.',
      failed: 'The storage of this browser failed. Leave this tab open until everything is sent.',
    },
  },

  presence: {
    editing: (names: string, count: number) => (count === 1 ? `${names} is editing` : `${names} are editing`),
    viewing: (names: string, count: number) =>
      count === 1 ? `${names} is looking at this` : `${names} are looking at this`,
    others: (count: string) => `${count} others`,
    lease: (name: string) => `${name} has this record for editing`,
    leaseMine: 'You have this record for editing',
    leaseLost: 'Somebody took this record over. What you typed is kept.',
    leaseText: 'It is free again as soon as they are done.',
    takeBack: 'Take it back',
  },
};

/** A catalogue of texts. `english` and `spanish` come with the package. */
export type Texts = typeof english;
