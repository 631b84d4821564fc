import type { NeverLandedBy, RefuseCause, RejectCause } from "@cloister/model";
import type { Joins, OneOf } from "./order.events.ts";

/** A verdict given here, before anything left. */
export type LocalVerdict = {
  readonly word: "withdrawn" | "refused";
  readonly cause: RefuseCause;
  readonly text: string | undefined;
};
/** The venue's refusal of the place itself. */
export type Refusal = { readonly cause: RejectCause; readonly text: string };
/** The proof that the place can never land. */
export type NeverLanded = {
  readonly by: NeverLandedBy;
  readonly cause: RefuseCause | undefined;
  readonly text: string | undefined;
};

/** What was said of the order as a whole. Changes rarely. */
export type Verdicts = {
  readonly sentAt: number | undefined;
  readonly local: LocalVerdict | undefined;
  readonly refused: Refusal | undefined;
  readonly neverLanded: NeverLanded | undefined;
  /** Latest venue time at which reads began that missed the order. */
  readonly absentBegunAt: number | undefined;
  readonly waiting: "parent" | "trigger" | undefined;
  /** The largest modify opened and closed; 0 for none. One at a time is in flight. */
  readonly modifyOpened: number;
  readonly modifyClosed: number;
  readonly reaped: boolean;
};

export const NO_VERDICTS: Verdicts = {
  sentAt: undefined,
  local: undefined,
  refused: undefined,
  neverLanded: undefined,
  absentBegunAt: undefined,
  waiting: undefined,
  modifyOpened: 0,
  modifyClosed: 0,
  reaped: false,
};

export type VerdictType =
  | "request.sent"
  | "modify.opened"
  | "local.withdrawn"
  | "local.refused"
  | "venue.waiting"
  | "venue.refused"
  | "proof.neverLanded"
  | "proof.absent";

const JOINS: Joins<VerdictType, Verdicts> = {
  "request.sent": (known, { at }) =>
    known.sentAt === undefined || at < known.sentAt ? { ...known, sentAt: at } : known,
  "modify.opened": (known, { id }) =>
    id > known.modifyOpened ? { ...known, modifyOpened: id } : known,
  "local.withdrawn": (known, { cause }) =>
    withLocal(known, { word: "withdrawn", cause, text: undefined }),
  "local.refused": (known, { cause, text }) => withLocal(known, { word: "refused", cause, text }),
  "venue.waiting": (known, { waitsFor }) => {
    // The parent comes first, so the trigger is the later word.
    const waiting = known.waiting === "trigger" ? "trigger" : waitsFor;
    return waiting === known.waiting ? known : { ...known, waiting };
  },
  "venue.refused": (known, { cause, text }) => {
    const refused = first(known.refused, { cause, text }, wordsOfRefusal);
    return refused === known.refused ? known : { ...known, refused };
  },
  "proof.neverLanded": (known, { by, cause, text }) => {
    const neverLanded = first(known.neverLanded, { by, cause, text }, wordsOfProof);
    return neverLanded === known.neverLanded ? known : { ...known, neverLanded };
  },
  "proof.absent": (known, { begunAt }) =>
    known.absentBegunAt === undefined || begunAt > known.absentBegunAt
      ? { ...known, absentBegunAt: begunAt }
      : known,
};

/** The same object when the verdict says nothing new. Two of a kind join without regard to arrival. */
export function joinVerdict<Type extends VerdictType>(
  known: Verdicts,
  event: OneOf<Type>,
): Verdicts {
  return JOINS[event.type](known, event);
}

function withLocal(known: Verdicts, verdict: LocalVerdict): Verdicts {
  const local = first(known.local, verdict, wordsOfLocal);
  return local === known.local ? known : { ...known, local };
}

/** The alphabetically first of two: arbitrary, but the same whichever came first. */
function first<Told>(old: Told | undefined, news: Told, wordsOf: (told: Told) => string): Told {
  return old === undefined || wordsOf(news) < wordsOf(old) ? news : old;
}

/** Separates words in a sort key; lower than any letter. */
const GAP = "\u0000";

function wordsOfLocal(local: LocalVerdict): string {
  return [local.word, local.cause, local.text ?? ""].join(GAP);
}

function wordsOfRefusal(refusal: Refusal): string {
  return [refusal.cause, refusal.text].join(GAP);
}

/** A proof that names its cause comes before one that does not. */
function wordsOfProof(proof: NeverLanded): string {
  return [proof.cause ?? "\uffff", proof.by, proof.text ?? ""].join(GAP);
}
