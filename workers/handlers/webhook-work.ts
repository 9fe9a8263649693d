import type { WebhookBooks } from '../../domain/webhooks/webhook-books.ts';
import type { SetupDependencies, SetupRepos } from './change.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';

export interface WebhookRepos extends SetupRepos {
  webhooks: WebhookBooks;
}

export interface WebhookDependencies extends SetupDependencies {
  store: CommandStore<WebhookRepos>;
}
