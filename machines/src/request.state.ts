/** Doubtful: closing or looking. The door is closed in `looking` and later. */
export type RequestState =
  | "queued"
  | "signing"
  | "inFlight"
  | "closing"
  | "looking"
  | "answered"
  | "settled"
  | "refused";
