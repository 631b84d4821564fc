/** An event before its desk stamps it with the hour: each member of the union without `atMs`. */
export type Untimed<T> = T extends unknown ? Omit<T, "atMs"> : never;
