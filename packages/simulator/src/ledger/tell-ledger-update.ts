import type { Account } from "./account.ts";
import { transactionHash } from "./ids.ts";
import { archiveKept, keepTail, type Ledger } from "./ledger.ts";
import type { LedgerDelta } from "./ledger-update.ts";

/** Records money that moved for an account, and tells whoever listens. */
export function tellLedgerUpdate(ledger: Ledger, account: Account, delta: LedgerDelta): void {
  const update = {
    time: ledger.news.atMs,
    hash: transactionHash(ledger.transactions),
    delta,
  };
  keepTail(account.ledgerUpdates, update, archiveKept(ledger, account));
  ledger.news.tellLedgerUpdate(account.address, update);
}
