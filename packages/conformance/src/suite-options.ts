/** Registers one case with the caller's test runner: vitest's and jest's `test`, or one of your own. */
export type RegisterTest = (name: string, run: () => Promise<void>, timeoutMs?: number) => unknown;

/**
 * A module that other processes load: it exports `open(argument)`, which resolves with a store on the same data.
 * `file` is an absolute path or a `file:` URL of plain JavaScript, ESM or CommonJS; `argument` must be cloneable.
 */
export interface ProcessModule {
  readonly file: string;
  readonly argument: unknown;
}

/** One empty store, made for one case, and the ways back to its data. */
export interface StoreUnderTest<Store> {
  readonly store: Store;
  /** The same data as a new process finds it after a restart; the store before it is not used again. */
  readonly reopen?: (() => Promise<Store>) | undefined;
  /** Another connection to the same data, used at the same time as the first. */
  readonly openSecond?: (() => Promise<Store>) | undefined;
  readonly processModule?: ProcessModule | undefined;
  /** Runs `work` in a transaction of the merchant's: commits when it resolves, rolls back when it rejects. */
  readonly transaction?: ((work: (tx: unknown) => Promise<void>) => Promise<void>) | undefined;
  /** Turns the clock that the store looks at by `byMs`: back where that is negative. */
  readonly turnClock?: ((byMs: number) => Promise<void>) | undefined;
  /** Removes the data and closes what the caller opened. Stores with a `close` have been closed by then. */
  cleanup(): Promise<void>;
}

/** What any store can say of itself. What a store does not say `false` about is expected of it. */
export interface StoreCapabilities {
  /** Data outlives the process. Needs `reopen`. @default true */
  readonly survivesRestart: boolean;
  /** Several connections may work on the same data. Needs `openSecond`. @default true */
  readonly sharedBetweenConnections: boolean;
  /** Several processes may work on the same data. Needs `processModule`. @default true */
  readonly sharedBetweenProcesses: boolean;
  /** How coarse leases and delays are, in ms. @default 1 */
  readonly granularityMs: number;
}

/** What a durable store can say of itself besides. */
export interface DurableStoreCapabilities extends StoreCapabilities {
  /** Body and headers of what is done stay readable until it is pruned. @default true */
  readonly keepsDoneBodies: boolean;
  /** The store has `onDue`. @default true */
  readonly announcesDue: boolean;
  /** The store has `completeWithin`. Needs `transaction`. @default true */
  readonly joinsTransactions: boolean;
  /** What happened to a delivery is kept: its attempts, how often it came again, who holds it and until when. @default true */
  readonly keepsHistory: boolean;
  /** `list` finds by reference, time and text of the error. @default true */
  readonly searches: boolean;
  /** The store has `putNote` and `notes`. @default true */
  readonly keepsNotes: boolean;
  /** The store's clock can be turned by the tests. Needs `turnClock`. @default false */
  readonly turnsClock: boolean;
}

/** What a suite is given. */
export interface SuiteOptions<Store, Capabilities extends StoreCapabilities> {
  readonly test: RegisterTest;
  /** Called for every case. */
  readonly createStore: () => Promise<StoreUnderTest<Store>>;
  readonly capabilities?: Partial<Capabilities> | undefined;
  /** The short lease the suite lets lapse, in ms; longer for a slow store. @default 150 */
  readonly leaseMs?: number | undefined;
  /** How long the suite waits for what must come, in ms. Nothing is ever asserted to be faster. @default 10,000 */
  readonly patienceMs?: number | undefined;
}
