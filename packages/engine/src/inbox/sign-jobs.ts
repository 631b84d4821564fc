import type { Input, SignedAction, Venue, VenueAction } from "@cloister/model";

export type SignOutcome =
  | { readonly kind: "signed"; readonly signed: SignedAction }
  | { readonly kind: "failed"; readonly reason: string };

type Job = (outcome: SignOutcome) => void;

/**
 * What is being signed. The signature comes back through the inbox, so that the intent is journaled
 * before the bytes can leave; one that comes after its job was given up is thrown away.
 */
export class SignJobs {
  readonly #venue: Venue;
  readonly #push: (input: Input) => void;
  readonly #jobs = new Map<number, Job>();
  #lastAttempt = 0;

  constructor(ports: { venue: Venue; push: (input: Input) => void }) {
    this.#venue = ports.venue;
    this.#push = ports.push;
  }

  /** Signatures that are awaited. */
  get open(): number {
    return this.#jobs.size;
  }

  get lastAttempt(): number {
    return this.#lastAttempt;
  }

  /** Numbers up to this one were given out, by whatever is in no record. */
  countFrom(last: number): void {
    this.#lastAttempt = Math.max(this.#lastAttempt, last);
  }

  /** Without a nonce, a fresh one. Returns how to give the job up. */
  sign(
    action: VenueAction,
    terms: { readonly nonce?: number; readonly expiresAfter?: number },
    done: Job,
  ): () => void {
    this.#lastAttempt += 1;
    const attempt = this.#lastAttempt;
    this.#jobs.set(attempt, done);
    const { expiresAfter } = terms;
    const expiry = expiresAfter === undefined ? {} : { expiresAfter };
    try {
      const { nonce = this.#venue.nextNonce() } = terms;
      this.#venue.sign(action, { nonce, ...expiry }, (result) =>
        this.#push(
          result.kind === "signed"
            ? { kind: "signed", attempt, signed: result.signed }
            : { kind: "signFailed", attempt, reason: result.reason },
        ),
      );
    } catch (error) {
      // A signer that throws has signed nothing; its text could hold what must not be logged.
      this.#push({
        kind: "signFailed",
        attempt,
        reason: error instanceof Error ? error.name : "threw",
      });
    }
    return () => {
      this.#jobs.delete(attempt);
    };
  }

  /** Who was to sign is gone, and with it what was to be signed. */
  restarted(): void {
    this.#jobs.clear();
  }

  settle(attempt: number, outcome: SignOutcome): void {
    const job = this.#jobs.get(attempt);
    this.#jobs.delete(attempt);
    job?.(outcome);
  }
}
