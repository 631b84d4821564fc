import type { NoopOutcome } from "@cloister/machines";
import type { Answer, Cloid, CopyId, Mouth } from "@cloister/model";
import type { UntimedRequestEvent } from "./tracked-request.ts";
import { verdictsOf } from "./verdicts.ts";

/** What an answer to one copy is to its request: its admission first (design §3). */
export function answerEvent(
  answer: Answer,
  about: { copy: CopyId; mouth: Mouth; cloids: readonly Cloid[]; venueTime: number },
): UntimedRequestEvent {
  const { copy, mouth, cloids, venueTime } = about;
  switch (answer.admission) {
    case "admitted": {
      const verdicts = verdictsOf(cloids, answer.statuses, venueTime);
      return { type: "answer.admitted", copy, verdicts };
    }
    case "admittedBare":
      return { type: "answer.admitted", copy, verdicts: cloids.map(() => null) };
    case "notAdmitted": {
      const { reason, text } = answer;
      return { type: "answer.notAdmitted", copy, mouth, reason, text };
    }
    case "nonceSpent":
      return { type: "answer.nonceSpent", copy, how: answer.how, text: answer.text };
    case "expired":
      return { type: "answer.expired", copy, text: answer.text };
    case "unknown":
      return { type: "answer.unknown", copy, text: answer.text };
  }
}

/** What an answer to a noop says of its nonce. */
export function noopOutcome(answer: Answer): NoopOutcome {
  switch (answer.admission) {
    case "admitted":
    case "admittedBare":
      return "ok";
    case "nonceSpent":
      return "nonceSpent";
    case "notAdmitted":
      return "notAdmitted";
    case "expired":
    case "unknown":
      return "lost";
  }
}
