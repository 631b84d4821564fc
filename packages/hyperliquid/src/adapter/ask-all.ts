import type { InfoType, InfoValues } from "../codec/info.ts";
import type { AskInfo, InfoFailure, InfoRequest } from "./ask-info.ts";

export type AllAnswers<T> =
  | { readonly kind: "ok"; readonly values: readonly T[]; readonly raw: string }
  | InfoFailure;

/** Asks for all at once. All must succeed: part of an answer is no answer. */
export function askAll<T extends InfoType>(
  ask: AskInfo,
  requests: readonly InfoRequest<T>[],
  done: (answers: AllAnswers<InfoValues[T]>) => void,
): void {
  const values = new Map<number, { value: InfoValues[T]; raw: string }>();
  let over = false;

  function finish(answers: AllAnswers<InfoValues[T]>): void {
    if (over) return;
    over = true;
    done(answers);
  }

  for (const [index, request] of requests.entries()) {
    ask(request, (answer) => {
      if (answer.kind === "failed") {
        finish(answer);
        return;
      }
      values.set(index, answer);
      if (values.size < requests.length) return;
      const inOrder = [...values].sort(([a], [b]) => a - b).map(([, told]) => told);
      finish({
        kind: "ok",
        values: inOrder.map(({ value }) => value),
        raw: inOrder.map(({ raw }) => raw).join("\n"),
      });
    });
  }
}
