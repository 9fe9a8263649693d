import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Announcements } from '../../../domain/mail/announcements.ts';
import { createForgetHandler } from '../forget.ts';

/** Forgets which mails were sent, and what was announced, so long ago that nobody tells of it again. */
export function createForgetMailsHandler(deps: {
  store: CommandStore<{ announcements: Announcements }>;
}) {
  return createForgetHandler(deps, ({ announcements }, { businessId, before, limit }) =>
    announcements.forget(businessId, before, limit),
  );
}
