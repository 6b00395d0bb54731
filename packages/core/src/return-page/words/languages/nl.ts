import type { Catalogue } from '../catalogue.js';

/** Dutch, with the formal address. */
export const words: Catalogue = {
  paidTitle: 'Betaling ontvangen',
  paidLine: 'Hartelijk dank. Uw betaling is voltooid.',
  paidAfterCancelTitle: 'Uw betaling is binnengekomen',
  paidAfterCancelLine:
    'U hebt de betaalpagina verlaten, maar uw betaling was al onderweg. De betaling is voltooid; u hoeft niet nogmaals te betalen.',
  subscribedTitle: 'Abonnement bevestigd',
  subscribedLine: 'Hartelijk dank. Uw abonnement is ingesteld.',
  subscribedAfterCancelLine:
    'U hebt de betaalpagina verlaten, maar uw abonnement was al bevestigd. U hoeft verder niets te doen.',

  waitingTitle: 'Wachten op uw betaling',
  waitingLine:
    'We hebben de definitieve bevestiging nog niet ontvangen. Dit duurt meestal enkele minuten.',
  toPayLine: 'We hebben uw betaling nog niet ontvangen.',
  sentLine:
    'Uw betaling is onderweg. We wachten tot deze op het netwerk verschijnt; dat duurt meestal een à twee minuten.',
  confirmingLine:
    'Het netwerk is uw betaling aan het bevestigen. Dit duurt meestal enkele minuten, en langer als het druk is op het netwerk.',
  checksAgainLine: 'Deze pagina wordt vanzelf bijgewerkt.',
  tellsLine: 'Zodra u hebt betaald, ziet u dat vanzelf op deze pagina.',
  closeLine: 'U kunt deze pagina ook sluiten en later terugkomen.',
  leftTitle: 'Nog geen betaling',
  leftLine:
    'U hebt de betaalpagina verlaten en er is geen betaling binnengekomen. Als u toch hebt betaald, ziet u dat zo meteen op deze pagina.',
  attemptFailedTitle: 'Nog niet betaald',
  attemptFailedLine:
    'De laatste poging is niet gelukt. U kunt het op de betaalpagina opnieuw proberen.',
  apiAwayTitle: 'We kunnen uw betaling nu niet controleren',
  apiAwayLine:
    'De betaaldienst reageert op dit moment niet. Dit heeft geen gevolgen voor uw betaling: als u al hebt betaald, betaal dan niet nogmaals.',
  crowdedTitle: 'De controle duurt iets langer',
  crowdedLine:
    'Er worden op dit moment veel betalingen gecontroleerd. Als u al hebt betaald, betaal dan niet nogmaals.',

  failedTitle: 'Betaling niet voltooid',
  failedLine:
    'Deze betaling is niet gelukt. U kunt teruggaan naar de winkel en het opnieuw proberen.',
  expiredTitle: 'Betaalsessie verlopen',
  expiredLine:
    'Deze sessie is zonder betaling beëindigd. U kunt teruggaan naar de winkel en opnieuw beginnen.',
  paidAnywayLine: 'Als u toch hebt betaald, neem dan contact op met de winkel.',
  unknownTitle: 'Betaling niet gevonden',
  unknownLine:
    'Bij deze link is geen betaling bekend. Als u hebt betaald, neem dan contact op met de winkel.',
  invalidTitle: 'Deze link is onvolledig',
  invalidLine:
    'De link verwijst niet naar een betaling. Gebruik de link van de betaalpagina of neem contact op met de winkel.',

  toCheckout: 'Verder naar de betaalpagina',
  checkoutFailedTitle: 'De betaalpagina kon niet worden geopend',
  checkoutFailedLine: 'Er is niets betaald. Neem contact op met de winkel.',
  checkoutAwayLine:
    'Er is niets betaald. Ga terug naar de winkel en probeer het zo meteen opnieuw.',
  noOrderLine:
    'Deze bestelling is niet gevonden en er is niets betaald. Ga terug naar de winkel en probeer het opnieuw.',

  backToShop: 'Terug naar {shop}',
  contactShop: 'Contact opnemen met {shop}',
  tryAgain: 'Opnieuw proberen',
  returnToCheckout: 'Terug naar de betaalpagina',
  checkAgain: 'Opnieuw controleren',
  manageSubscription: 'Abonnement beheren',
  managePayment: 'Betaling beheren',
  printReceipt: 'Betaalbewijs afdrukken',
  seeOnExplorer: 'Bekijken in de blockexplorer',
  copy: 'Kopiëren',
  copied: 'Gekopieerd',
  copyReference: 'Bestelnummer kopiëren',
  copyPaymentId: 'Betalings-ID kopiëren',
  copySubscriptionId: 'Abonnements-ID kopiëren',
  copyTransaction: 'Transactiehash kopiëren',

  receipt: 'Betaalbewijs',
  orderReference: 'Bestelnummer',
  paymentId: 'Betalings-ID',
  subscriptionId: 'Abonnements-ID',
  date: 'Datum',
  paidWith: 'Betaald met',
  network: 'Netwerk',
  transaction: 'Transactie',
  price: 'Prijs',
  trialEnds: 'Proefperiode eindigt',
  nextBill: 'Volgende betaling',
  testPayment: 'Testbetaling: geen echt geld',

  progress: 'Voortgang',
  stepToPay: 'Wachten op uw betaling',
  stepOpened: 'Betaalpagina geopend',
  stepSent: 'Betaling verzonden',
  stepConfirming: 'Wordt bevestigd',
  stepPaid: 'Betaald',
  stepSubscribed: 'Geabonneerd',

  iconPaid: 'Betaald',
  iconWaiting: 'In behandeling',
  iconAttention: 'Let op',
  iconFailed: 'Mislukt',
  iconExpired: 'Verlopen',
  iconUnknown: 'Niet gevonden',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{price} {period}',
  trialUntil: 'Gratis proefperiode tot {date}',
  trialLasts: 'Gratis proefperiode: {duration}',

  everySeconds: { 1: 'per seconde', other: 'elke {count} seconden' },
  everyMinutes: { 1: 'per minuut', other: 'elke {count} minuten' },
  everyHours: { 1: 'per uur', other: 'elke {count} uur' },
  everyDays: { 1: 'per dag', other: 'elke {count} dagen' },
  everyWeeks: { 1: 'per week', other: 'elke {count} weken' },
  everyMonths: { 1: 'per maand', other: 'elke {count} maanden' },
  everyYears: { 1: 'per jaar', other: 'elke {count} jaar' },
};
