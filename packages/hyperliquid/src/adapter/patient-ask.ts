import { type Clock, CloisterError, type Logger, type Random } from "@cloister/model";
import type { InfoType, InfoValues } from "../codec/info.ts";
import type { AskInfo, InfoFailure, InfoRequest } from "./ask-info.ts";

export type Patience = {
  readonly ask: AskInfo;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Monotonic ms at which patience ends. */
  readonly untilMs: number;
  /** Whether the asking was called off. */
  readonly isClosed: () => boolean;
};

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/**
 * Asks until the venue answers what was asked, as long as the patience lasts.
 * @throws venueFailed with the last reason.
 */
export async function askPatiently<T extends InfoType>(
  request: InfoRequest<T>,
  patience: Patience,
): Promise<InfoValues[T]> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await asked(request, patience.ask);
    if (patience.isClosed()) throw venueFailed(request.type, "closed");
    if (answer.kind === "ok") return answer.value;
    const waitMs = waitBefore(attempt, patience.random);
    if (answer.hopeless || patience.clock.monotonicMs() + waitMs > patience.untilMs) {
      throw venueFailed(request.type, explain(answer));
    }
    patience.logger.warn(
      { request: request.type, reason: answer.reason, waitMs },
      "the venue did not answer, asking again",
    );
    await waited(waitMs, patience.clock);
    if (patience.isClosed()) throw venueFailed(request.type, "closed");
  }
}

function asked<T extends InfoType>(request: InfoRequest<T>, ask: AskInfo) {
  return new Promise<Parameters<Parameters<typeof ask<T>>[1]>[0]>((resolve) => {
    ask(request, resolve);
  });
}

/** Doubling, with up to a half of jitter, so that many processes do not ask in step. */
function waitBefore(attempt: number, random: Random): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.round(full * (0.5 + random.next() / 2));
}

function waited(delayMs: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

function explain(failure: InfoFailure): string {
  return failure.raw === undefined
    ? failure.reason
    : `${failure.reason}: ${failure.raw.slice(0, 200)}`;
}

function venueFailed(infoType: string, reason: string): CloisterError {
  return new CloisterError("venueFailed", `the venue could not be read (${infoType}): ${reason}`, {
    details: { field: infoType, rule: reason },
  });
}
