import {
  type Change,
  type Decimal,
  type EvidenceLine,
  formatDecimal,
  type Source,
} from "@cloister/model";
import type { ToldChange } from "../registry/order-history.ts";

type Evidence = Change["evidence"];

/** A change as a reader sees it. */
export function evidenceLine({ sequence, change }: ToldChange): EvidenceLine {
  const { evidence, from, to } = change;
  const at = venueTimeOf(evidence);
  return {
    sequence,
    type: evidence.type,
    source: sourceOf(evidence),
    ...(at === undefined ? {} : { venueAtMs: at }),
    from,
    to,
    text: evidenceText(evidence),
  };
}

/** Who told it. */
export function sourceOf(evidence: Evidence): Source {
  switch (evidence.type) {
    case "venue.accepted":
    case "venue.triggered":
    case "venue.fill":
    case "venue.filled":
    case "venue.canceled":
    case "venue.rejected":
      return evidence.source;
    case "command.place":
      return "command";
    case "venue.waiting":
    case "venue.refused":
      return "answer";
    case "venue.adopted":
    case "venue.size":
      return "openOrders";
    case "venue.unknownWord":
      return "orderUpdates";
    case "ledger.complete":
    case "ledger.incomplete":
      return "fillsRead";
    case "order.reap":
      return "deadline";
    case "request.sent":
    case "modify.opened":
    case "modify.closed":
    case "local.withdrawn":
    case "local.refused":
    case "proof.neverLanded":
    case "proof.absent":
      return "request";
  }
}

/** The venue's own time of it, ms. */
function venueTimeOf(evidence: Evidence): number | undefined {
  switch (evidence.type) {
    case "request.sent":
    case "venue.accepted":
    case "venue.triggered":
    case "venue.filled":
    case "venue.canceled":
    case "venue.rejected":
    case "venue.unknownWord":
      return evidence.at;
    case "venue.fill":
      return evidence.fill.at;
    case "venue.size":
    case "ledger.complete":
    case "ledger.incomplete":
      return evidence.readBegunAt;
    case "proof.absent":
      return evidence.begunAt;
    case "modify.closed":
      return evidence.landed?.at;
    case "command.place":
    case "venue.adopted":
    case "modify.opened":
    case "local.withdrawn":
    case "local.refused":
    case "venue.waiting":
    case "venue.refused":
    case "proof.neverLanded":
    case "order.reap":
      return undefined;
  }
}

/** What it says, in words. */
export function evidenceText(evidence: Evidence): string {
  switch (evidence.type) {
    case "command.place":
      return `placed by command ${evidence.command}`;
    case "venue.adopted":
      return `the venue lists leg ${evidence.oid}, which nobody here had placed`;
    case "request.sent":
      return "it was sent";
    case "modify.opened":
      return `modify ${evidence.id} is on its way`;
    case "modify.closed":
      return modifyText(evidence);
    case "local.withdrawn":
      return `withdrawn before a byte left: ${evidence.cause}`;
    case "local.refused":
      return `refused here: ${withText(evidence.cause, evidence.text)}`;
    case "venue.size":
      return `leg ${evidence.oid} is shown with ${formatDecimal(evidence.size)} left`;
    case "venue.accepted":
      return `leg ${evidence.oid} is open`;
    case "venue.waiting":
      return `taken, and waits for its ${evidence.waitsFor}`;
    case "venue.triggered":
      return `leg ${evidence.oid} was triggered`;
    case "venue.fill":
      return `leg ${evidence.oid} filled ${atPrice(evidence.fill)}, trade ${evidence.fill.tid}`;
    case "venue.filled":
      return `leg ${evidence.oid} is filled${totalText(evidence.total)}`;
    case "venue.canceled":
      return `leg ${evidence.oid} was canceled: ${evidence.cause}`;
    case "venue.rejected":
      return `leg ${evidence.oid} was rejected: ${evidence.cause}`;
    case "venue.refused":
      return `the venue refused it: ${withText(evidence.cause, evidence.text)}`;
    case "venue.unknownWord":
      return `the venue said ${JSON.stringify(evidence.raw)}, which is not understood`;
    case "proof.neverLanded":
      return `proved never to have landed, by ${evidence.by}${causeText(evidence)}`;
    case "proof.absent":
      return "two complete reads miss it: inferred to be gone";
    case "ledger.complete":
      return `every fill of leg ${evidence.oid} is known`;
    case "ledger.incomplete":
      return `fills of leg ${evidence.oid} are missing and were given up`;
    case "order.reap":
      return "it left the book";
  }
}

function modifyText({ id, landed }: Extract<Evidence, { type: "modify.closed" }>): string {
  if (landed === undefined) return `nothing of modify ${id} landed`;
  const { oid, replaces } = landed;
  const old = replaces === undefined ? "" : ` in place of leg ${replaces}`;
  return `modify ${id} made leg ${oid}${old}`;
}

function atPrice({ size, price }: { readonly size: Decimal; readonly price: Decimal }): string {
  return `${formatDecimal(size)} at ${formatDecimal(price)}`;
}

function totalText(total: Decimal | undefined): string {
  return total === undefined ? "" : `, ${formatDecimal(total)} in all`;
}

function withText(cause: string, text: string | undefined): string {
  return text === undefined ? cause : `${cause} (${text})`;
}

function causeText({ cause, text }: { readonly cause?: string; readonly text?: string }): string {
  return cause === undefined ? "" : ` (${withText(cause, text)})`;
}
