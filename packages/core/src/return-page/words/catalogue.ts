/** What a word may have filled in, written `{shop}`. Values are text; which language they are in is not known. */
export type Slot = 'shop' | 'amount' | 'price' | 'period' | 'duration' | 'date' | 'title' | 'count';

/** A sentence that names each of these slots, in the order that its language wants: `With<'shop'>` is `'Back to {shop}'`. */
export type With<Slots extends Slot> = (
  Slots extends Slot ? (every: `${string}{${Slots}}${string}`) => void : never
) extends (every: infer All) => void
  ? All
  : never;

/**
 * A sentence with a number, `{count}`, by the plural categories of its language (`Intl.PluralRules`). `1` is for exactly
 * one, which most languages say without the number. A category that is left out reads as `other`.
 */
export interface PluralForms {
  readonly 1?: string;
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: With<'count'>;
}

/**
 * Every word of the return pages in one language. Texts, not HTML: the page escapes them. Names that end in `Title` are
 * headings, in `Line` whole sentences that stand beside others, the rest are labels.
 */
export interface Catalogue {
  readonly paidTitle: string;
  readonly paidLine: string;
  /** The customer left the checkout, and the payment came all the same. */
  readonly paidAfterCancelTitle: string;
  readonly paidAfterCancelLine: string;
  /** A subscription; its trial may begin without a payment. */
  readonly subscribedTitle: string;
  readonly subscribedLine: string;
  readonly subscribedAfterCancelLine: string;

  readonly waitingTitle: string;
  /** How far it has come is not known. */
  readonly waitingLine: string;
  /** The customer has not paid. */
  readonly toPayLine: string;
  /** Paid in the wallet; no network has shown it so far. */
  readonly sentLine: string;
  readonly confirmingLine: string;
  readonly checksAgainLine: string;
  /** The page will tell once there is a payment. */
  readonly tellsLine: string;
  /** Never beside a failed attempt. */
  readonly closeLine: string;
  /** The customer came back by the checkout's cancel link. */
  readonly leftTitle: string;
  readonly leftLine: string;
  /** An attempt failed, and the checkout takes another. */
  readonly attemptFailedTitle: string;
  readonly attemptFailedLine: string;
  /** The API does not answer. */
  readonly apiAwayTitle: string;
  readonly apiAwayLine: string;
  /** More pages wait than are served at once. */
  readonly crowdedTitle: string;
  readonly crowdedLine: string;

  readonly failedTitle: string;
  readonly failedLine: string;
  readonly expiredTitle: string;
  readonly expiredLine: string;
  /** After a checkout that ended unpaid. */
  readonly paidAnywayLine: string;
  readonly unknownTitle: string;
  readonly unknownLine: string;
  readonly invalidTitle: string;
  readonly invalidLine: string;

  /** On the way to the hosted page: a heading that is a link. */
  readonly toCheckout: string;
  readonly checkoutFailedTitle: string;
  /** The shop has something to mend. */
  readonly checkoutFailedLine: string;
  /** The API does not open it now. */
  readonly checkoutAwayLine: string;
  /** The shop sells nothing under what was asked for. */
  readonly noOrderLine: string;

  readonly backToShop: With<'shop'>;
  readonly contactShop: With<'shop'>;
  readonly tryAgain: string;
  /** The checkout is still open. */
  readonly returnToCheckout: string;
  /** Loads the page again. */
  readonly checkAgain: string;
  readonly manageSubscription: string;
  readonly managePayment: string;
  readonly printReceipt: string;
  readonly seeOnExplorer: string;
  readonly copy: string;
  readonly copied: string;
  /** What a screen reader calls the copy buttons. */
  readonly copyReference: string;
  readonly copyPaymentId: string;
  readonly copySubscriptionId: string;
  readonly copyTransaction: string;

  readonly receipt: string;
  readonly orderReference: string;
  readonly paymentId: string;
  readonly subscriptionId: string;
  readonly date: string;
  readonly paidWith: string;
  readonly network: string;
  /** The hash on the chain. */
  readonly transaction: string;
  readonly price: string;
  readonly trialEnds: string;
  readonly nextBill: string;
  /** No real money. */
  readonly testPayment: string;

  /** What a screen reader calls the list of steps. */
  readonly progress: string;
  readonly stepToPay: string;
  readonly stepOpened: string;
  readonly stepSent: string;
  readonly stepConfirming: string;
  readonly stepPaid: string;
  readonly stepSubscribed: string;

  /** What a screen reader calls the state's icon. */
  readonly iconPaid: string;
  readonly iconWaiting: string;
  readonly iconAttention: string;
  readonly iconFailed: string;
  readonly iconExpired: string;
  readonly iconUnknown: string;

  /** The browser's title of a page of a shop with a name. */
  readonly pageTitle: With<'title' | 'shop'>;
  /** An amount of US dollars, which comes with a sign as the language writes it; some need the word too. */
  readonly usd: With<'amount'>;
  /** A date and time of UTC. */
  readonly dateInUtc: With<'date'>;
  /** A subscription's price; `{period}` is one of the phrases below. */
  readonly priceEvery: With<'price' | 'period'>;
  readonly trialUntil: With<'date'>;
  readonly trialLasts: With<'duration'>;

  readonly everySeconds: PluralForms;
  readonly everyMinutes: PluralForms;
  readonly everyHours: PluralForms;
  readonly everyDays: PluralForms;
  readonly everyWeeks: PluralForms;
  readonly everyMonths: PluralForms;
  readonly everyYears: PluralForms;
}

/** A word's name. */
export type WordName = keyof Catalogue;

/** The names of words that are counted. */
export type CountedName = {
  [Name in WordName]: Catalogue[Name] extends PluralForms ? Name : never;
}[WordName];

/** The names of words that are one text each. */
export type TextName = Exclude<WordName, CountedName>;

/** The slots of one text. */
export type SlotsOf<Text> = {
  [Name in Slot]: Text extends `${string}{${Name}}${string}` ? Name : never;
}[Slot];
