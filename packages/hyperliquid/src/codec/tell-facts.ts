import type { Answer } from "@cloister/model";
import { evidence, ignored, notUnderstood, type Told } from "./decoded-line.ts";
import type { FrameFact } from "./frame.ts";
import { tellAnswer, tellFill, tellPosition, tellReport, tellStatus } from "./in-words.ts";
import { textOf } from "./json.ts";

/** A fact of a frame as lines; a pushed list gives one line for each row. */
export function tellFact(channel: string, fact: FrameFact): readonly Told[] {
  switch (fact.type) {
    case "order":
      return [evidence(channel, tellReport(fact.report))];
    case "fill":
      return [evidence(channel, `${tellFill(fact.fill)}${fact.snapshot ? " (history)" : ""}`)];
    case "openOrders":
      return tellList(channel, fact.orders.map(tellReport), `no open orders on dex "${fact.dex}"`);
    case "positions":
      return tellList(
        channel,
        fact.positions.map(tellPosition),
        `no positions on dex "${fact.dex}"`,
      );
    case "venueCancel":
      return [evidence(channel, `the venue cancels order ${fact.oid} of ${fact.coin} on its own`)];
    case "unrecognized":
      return [notUnderstood(channel, fact.reason, fact.text)];
    case "ignored":
      return [ignored(fact.what, fact.reason)];
    default:
      return [fact satisfies never];
  }
}

function tellList(channel: string, rows: readonly string[], empty: string): readonly Told[] {
  return (rows.length > 0 ? rows : [empty]).map((told) => evidence(channel, told));
}

/** An exchange answer as lines, one for each element. `unknown` is no verdict, so its text is kept. */
export function tellAnswerLines(answer: Answer, body: unknown): readonly Told[] {
  const what = "answer";
  if (answer.admission === "unknown") {
    return [notUnderstood(what, tellAnswer(answer), textOf(body))];
  }
  if (answer.admission !== "admitted") return [evidence(what, tellAnswer(answer))];
  if (answer.statuses.length === 0) {
    return [evidence(what, "admitted: no statuses, so every element is looked for")];
  }
  return answer.statuses.map((status) =>
    status.kind === "unrecognized"
      ? notUnderstood(what, tellStatus(status), status.text)
      : evidence(what, tellStatus(status)),
  );
}
