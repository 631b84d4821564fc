import type { LiveCore } from "../core.ts";
import { type InfoAnswer, value } from "../info/answer.ts";
import { answerInfo } from "../info/table.ts";
import { isObject, isWhole } from "../json.ts";
import type { ReadFate } from "./faults.ts";

/** Answers a read as its fate wants it. */
export function answerAs(core: LiveCore, request: unknown, fate: ReadFate): InfoAnswer {
  if (fate === "fresh") return answerInfo(core, request);
  if (!("unknownForMs" in fate)) return answerInfo(core.asItWas(fate), request);
  const answer = answerInfo(core, request);
  const bornMs = answer.kind === "value" ? birthOf(answer.value) : undefined;
  if (bornMs === undefined || core.blockMs() - bornMs >= fate.unknownForMs) return answer;
  return value({ status: "unknownOid" });
}

/** When the order of an `orderStatus` answer was placed, Unix ms. */
function birthOf(answer: unknown): number | undefined {
  const record = isObject(answer) ? answer["order"] : undefined;
  const order = isObject(record) ? record["order"] : undefined;
  const bornMs = isObject(order) ? order["timestamp"] : undefined;
  return isWhole(bornMs) ? bornMs : undefined;
}
