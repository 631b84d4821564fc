/** Who holds a lock: a process of a machine. */
export type Holder = {
  readonly host: string;
  readonly pid: number;
  /** Tells this process from a later one with the same number, where the system says so. */
  readonly begun?: string;
};

/** What a lock asks of the machine. */
export interface Host {
  readonly self: Holder;
  /** Whether a process of this machine still runs. */
  isAlive(holder: Holder): boolean;
}
