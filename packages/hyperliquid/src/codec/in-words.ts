import {
  type Answer,
  type ElementStatus,
  type Fill,
  formatDecimal,
  type OrderReport,
  type OrderWord,
  type Position,
} from "@cloister/model";

/** One line for a person. Nothing is computed from these texts. */
export function tellReport(report: OrderReport): string {
  const { oid, coin, side } = report;
  const left = `${formatDecimal(report.remaining)} of ${formatDecimal(report.size)} left`;
  const waits = report.waitsForTrigger === true ? ", waits for its trigger" : "";
  const cloid = report.cloid === undefined ? "" : `, cloid ${report.cloid}`;
  return `order ${oid} ${tellWord(report.word, report.raw)}: ${side} ${coin} at ${formatDecimal(report.price)}, ${left}${waits}${cloid}`;
}

function tellWord(word: OrderWord, raw: string): string {
  switch (word.kind) {
    case "open":
    case "triggered":
    case "filled":
      return word.kind;
    case "canceled":
    case "rejected":
      return `${word.kind} (${word.cause})`;
    case "unknown":
      return `with the unknown word ${JSON.stringify(raw)}, to be asked about`;
    default:
      return word satisfies never;
  }
}

export function tellFill(fill: Fill): string {
  const { oid, coin, side, tid, feeToken } = fill;
  const liquidation =
    fill.liquidation === undefined ? "" : `, liquidation (${fill.liquidation.method})`;
  const trade = `${side} ${formatDecimal(fill.size)} ${coin} at ${formatDecimal(fill.price)}`;
  return `fill ${tid} of order ${oid}: ${trade}, fee ${formatDecimal(fill.fee)} ${feeToken}${liquidation}`;
}

export function tellPosition({ coin, size }: Position): string {
  return `position ${formatDecimal(size)} ${coin}`;
}

/** What an answer without elements says of the request. */
export function tellAnswer(answer: Exclude<Answer, { admission: "admitted" }>): string {
  switch (answer.admission) {
    case "admittedBare":
      return "admitted: nonce spent, nothing listed";
    case "notAdmitted":
      return `not admitted (${answer.reason}): ${answer.text}`;
    case "nonceSpent":
      return `no verdict, the nonce is spent (${answer.how}): ${answer.text}`;
    case "expired":
      return `expired: ${answer.text}`;
    case "unknown":
      return `no verdict: ${answer.text}`;
    default:
      return answer satisfies never;
  }
}

export function tellStatus(status: ElementStatus): string {
  switch (status.kind) {
    case "resting":
      return `accepted as order ${status.oid}`;
    case "filled":
      return `accepted as order ${status.oid}, executed ${formatDecimal(status.total)} at ${formatDecimal(status.averagePrice)}`;
    case "waiting":
      return `accepted, waits for its ${status.waitsFor}`;
    case "success":
      return "done";
    case "error":
      return `refused (${status.cause}${status.wholeBatch ? ", the whole batch" : ""}): ${status.text}`;
    case "unrecognized":
      return "a status that is not understood";
    default:
      return status satisfies never;
  }
}
