import { type Cancel, type Clock, CloisterError, type Logger, type Random } from "@cloister/model";
import type { InfoType, InfoValues } from "../codec/info.ts";
import type { AskInfo, InfoAnswer, InfoFailure, InfoRequest } from "./ask-info.ts";

export type Patience = {
  readonly ask: AskInfo;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Monotonic ms at which patience ends. */
  readonly untilMs: number;
  /** Calls the asking off, at once. */
  readonly signal: AbortSignal;
};

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/**
 * Asks until the venue answers what was asked, as long as the patience lasts.
 * @throws venueFailed with the last reason; closed when it was called off.
 */
export async function askPatiently<T extends InfoType>(
  request: InfoRequest<T>,
  patience: Patience,
): Promise<InfoValues[T]> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await asked(request, patience);
    if (answer.kind === "ok") return answer.value;
    const waitMs = waitBefore(attempt, patience.random);
    if (answer.hopeless || patience.clock.monotonicMs() + waitMs > patience.untilMs) {
      throw venueFailed(request.type, explain(answer));
    }
    patience.logger.warn(
      { request: request.type, reason: answer.reason, waitMs },
      "the venue did not answer, asking again",
    );
    await waited(waitMs, patience);
  }
}

function asked<T extends InfoType>(request: InfoRequest<T>, { ask, signal }: Patience) {
  return unlessCalledOff<InfoAnswer<InfoValues[T]>>(signal, (resolve) => {
    ask(request, resolve);
    return () => {};
  });
}

/** Doubling, with up to a half of jitter, so that many processes do not ask in step. */
function waitBefore(attempt: number, random: Random): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.round(full * (0.5 + random.next() / 2));
}

async function waited(delayMs: number, { clock, signal }: Patience): Promise<void> {
  await unlessCalledOff(signal, (resolve) => clock.after(delayMs, () => resolve(undefined)));
}

/** What `start` comes to. Called off, it is canceled and nobody waits for it any more. */
function unlessCalledOff<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void) => Cancel,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let cancel: Cancel = () => {};
    const callOff = (): void => {
      cancel();
      reject(new CloisterError("closed", "closed while the venue was asked"));
    };
    if (signal.aborted) {
      callOff();
      return;
    }
    signal.addEventListener("abort", callOff, { once: true });
    cancel = start((value) => {
      signal.removeEventListener("abort", callOff);
      resolve(value);
    });
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
