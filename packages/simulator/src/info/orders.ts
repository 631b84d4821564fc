import { isWhole } from "../json.ts";
import type { Account } from "../ledger/account.ts";
import type { Rules } from "../choices/rules.ts";
import { findOrder } from "../actions/work.ts";
import { readStrictCloid } from "../actions/read-order.ts";
import { fullRow, lastChange, type Order, plainRow, type StatusChange } from "../ledger/order.ts";
import { forUser, listedDex, MALFORMED, value } from "./answer.ts";

const ROWS_MAX = 2_000;

type HistoryRow = {
  readonly order: object;
  readonly status: string;
  readonly statusTimestamp: number;
};

/** Live sizes; triggers look like plain orders here (protocol §8.2). */
export const openOrders = forUser((core, { account, request }) => {
  const dex = listedDex(core, request);
  return dex === undefined ? MALFORMED : value(openOn(account, dex).map(plainRow));
});

export const frontendOpenOrders = forUser((core, { account, request }) => {
  const dex = listedDex(core, request);
  return dex === undefined ? MALFORMED : value(openRows(account, dex));
});

/** By oid or cloid; the size is frozen at the last status change (protocol §8.4). */
export const orderStatus = forUser((_core, { account, request }) => {
  const oid = request["oid"];
  const key = isWhole(oid) ? oid : readStrictCloid(oid);
  if (key === undefined) return MALFORMED;
  const order = account === undefined ? undefined : findOrder(account, key);
  if (order === undefined) return value({ status: "unknownOid" });
  return value({ status: "order", order: record(order, lastChange(order)) });
});

export const historicalOrders = forUser((core, { account }) =>
  value(historyRows(account, core.settings.rules)),
);

/** Newest first. One row per status a known order had: so an oid may come twice (protocol §8.5). */
export function historyRows(account: Account | undefined, rules: Rules): HistoryRow[] {
  const eachStatus = rules.historyRows === "eachStatus";
  const rows: HistoryRow[] = [];
  for (const order of account?.records.values() ?? []) {
    for (const change of eachStatus ? order.statuses : order.statuses.slice(-1)) {
      rows.push(record(order, change));
    }
  }
  rows.reverse();
  return rows.sort((a, b) => b.statusTimestamp - a.statusTimestamp).slice(0, ROWS_MAX);
}

/** The full rows of an account's live orders on a dex; spot belongs to the first. */
export function openRows(account: Account | undefined, dex: string): object[] {
  return openOn(account, dex).map((order) => fullRow(order, order.remaining));
}

/** Newest first. */
function openOn(account: Account | undefined, dex: string): Order[] {
  return [...(account?.open.values() ?? [])]
    .filter(({ terms }) => terms.asset.market.dex === dex)
    .reverse();
}

function record(order: Order, change: StatusChange): HistoryRow {
  return {
    order: fullRow(order, change.remaining),
    status: change.status,
    statusTimestamp: change.atMs,
  };
}
