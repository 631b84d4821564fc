export type CancelState = "queued" | "signing" | "inFlight" | "looking" | "settled" | "refused";
