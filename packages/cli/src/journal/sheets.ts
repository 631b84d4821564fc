import {
  type Decimal,
  type Fill,
  fillKey,
  formatDecimal,
  type JournalRecord,
  type OrderReport,
  type VenueFact,
} from "@cloister/model";
import type { Row, Sheet } from "./row.ts";

type RecordSheet = Sheet<JournalRecord>;

/** What can be told of records alone, without an engine. Each is made anew, for some remember what they told. */
export const SHEETS: Readonly<Record<string, () => RecordSheet>> = {
  orders: ordersSheet,
  commands: commandsSheet,
  requests: requestsSheet,
  answers: answersSheet,
  fills: fillsSheet,
  statuses: statusesSheet,
  records: recordsSheet,
};

const EVERY = ["sequence", "at_ms"] as const;

function stamp({ sequence, atMs }: JournalRecord): Row {
  return { sequence, at_ms: atMs };
}

/** Orders as they were placed. */
function ordersSheet(): RecordSheet {
  return {
    columns: [
      ...[...EVERY, "command", "cloid", "tag", "coin", "side", "price", "size", "tif"],
      ...["reduce_only", "trigger_kind", "trigger_price", "trigger_market", "grouping"],
    ],
    rows(record) {
      const { input } = record;
      if (input.kind !== "command" || input.command.kind !== "place") return [];
      const { id, orders, grouping } = input.command;
      return orders.map(({ cloid, tag, terms }) => ({
        ...stamp(record),
        ...{ command: id, cloid, tag: tag ?? null, coin: terms.coin, side: terms.side },
        ...{ price: text(terms.price), size: text(terms.size), tif: terms.tif, grouping },
        reduce_only: terms.reduceOnly,
        trigger_kind: terms.trigger?.kind ?? null,
        trigger_price: text(terms.trigger?.price),
        trigger_market: terms.trigger?.market ?? null,
      }));
    },
  };
}

/** What was asked of the engine. */
function commandsSheet(): RecordSheet {
  return {
    columns: [...EVERY, "command", "kind", "cloids", "json"],
    rows(record) {
      const { input } = record;
      if (input.kind !== "command") return [];
      const { command } = input;
      const json = JSON.stringify(command);
      const cloids = [...new Set(json.match(/0x[0-9a-f]{32}\b/g))].join(" ");
      return [{ ...stamp(record), command: command.id, kind: command.kind, cloids, json }];
    },
  };
}

/** What was signed: each may have left. */
function requestsSheet(): RecordSheet {
  return {
    columns: [...EVERY, "attempt", "nonce", "expires_after_ms", "refused", "payload"],
    rows(record) {
      const { input } = record;
      if (input.kind === "signFailed") {
        return [{ ...stamp(record), attempt: input.attempt, refused: input.reason }];
      }
      if (input.kind !== "signed") return [];
      const { nonce, expiresAfter, payload } = input.signed;
      const expires = { expires_after_ms: expiresAfter ?? null };
      return [{ ...stamp(record), attempt: input.attempt, nonce, ...expires, payload }];
    },
  };
}

/** What the exchange answered to each copy that was written. */
function answersSheet(): RecordSheet {
  return {
    columns: [...EVERY, "copy", "mouth", "admission", "json"],
    rows: (record) =>
      factsOf(record).flatMap((fact) => {
        if (fact.type === "copy.answered") {
          const { copy, mouth, answer } = fact;
          const { admission } = answer;
          return [{ ...stamp(record), copy, mouth, admission, json: JSON.stringify(answer) }];
        }
        if (fact.type !== "copy.failed") return [];
        const { copy, mouth } = fact;
        return [{ ...stamp(record), copy, mouth, admission: "failed", json: JSON.stringify(fact) }];
      }),
  };
}

/** Fills, each once: as it was first heard, by a stream or a read. */
function fillsSheet(): RecordSheet {
  const told = new Set<string>();
  return {
    columns: [
      ...[...EVERY, "heard_by", "venue_ms", "coin", "oid", "tid", "cloid", "side", "price", "size"],
      ...["start_position", "fee", "fee_token", "closed_pnl", "taker", "direction", "hash"],
    ],
    rows: (record) =>
      factsOf(record).flatMap((fact) =>
        fillsOf(fact).flatMap((fill) => {
          const key = fillKey(fill);
          if (told.has(key)) return [];
          told.add(key);
          return [{ ...stamp(record), heard_by: sourceOf(fact), ...fillRow(fill) }];
        }),
      ),
  };
}

function fillRow(fill: Fill): Row {
  const { coin, oid, tid, cloid, side, taker, direction, hash } = fill;
  return {
    ...{ venue_ms: fill.at, coin, oid, tid, cloid: cloid ?? null, side, taker, direction, hash },
    ...{ price: text(fill.price), size: text(fill.size), fee: text(fill.fee) },
    start_position: text(fill.startPosition),
    fee_token: fill.feeToken,
    closed_pnl: text(fill.closedPnl),
  };
}

/** What the venue said of orders, every time it said so. */
function statusesSheet(): RecordSheet {
  return {
    columns: [
      ...[...EVERY, "heard_by", "venue_ms", "coin", "oid", "cloid", "side", "price"],
      ...["size", "remaining", "status"],
    ],
    rows: (record) =>
      factsOf(record).flatMap((fact) =>
        reportsOf(fact).map((report) => ({
          ...stamp(record),
          heard_by: sourceOf(fact),
          ...{ venue_ms: report.at, coin: report.coin, oid: report.oid, side: report.side },
          ...{ cloid: report.cloid ?? null, price: text(report.price), size: text(report.size) },
          ...{ remaining: text(report.remaining), status: report.raw },
        })),
      ),
  };
}

/** Everything, as it stands there. */
function recordsSheet(): RecordSheet {
  return {
    columns: [...EVERY, "monotonic_ms", "kind", "json"],
    rows(record) {
      const { monotonicMs, input } = record;
      const row = { monotonic_ms: monotonicMs, kind: input.kind, json: JSON.stringify(input) };
      return [{ ...stamp(record), ...row }];
    },
  };
}

function factsOf({ input }: JournalRecord): readonly VenueFact[] {
  return input.kind === "venue" ? input.facts : [];
}

function fillsOf(fact: VenueFact): readonly Fill[] {
  if (fact.type === "fill") return [fact.fill];
  if (fact.type !== "read.answered" || fact.report.kind !== "fills") return [];
  return fact.report.fills;
}

function reportsOf(fact: VenueFact): readonly OrderReport[] {
  if (fact.type === "order") return [fact.report];
  if (fact.type === "openOrders") return fact.orders;
  if (fact.type !== "read.answered") return [];
  const { report } = fact;
  if (report.kind === "openOrders") return report.orders;
  return report.kind === "orderStatus" && report.found !== undefined ? [report.found] : [];
}

function sourceOf(fact: VenueFact): string {
  if (fact.type !== "read.answered") return "stream";
  return fact.report.kind;
}

function text(value: Decimal | undefined): string | null {
  return value === undefined ? null : formatDecimal(value);
}
