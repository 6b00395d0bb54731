import type { Catalogue } from '../catalogue.js';

/** German, with the formal address. */
export const words: Catalogue = {
  paidTitle: 'Zahlung eingegangen',
  paidLine: 'Vielen Dank. Ihre Zahlung ist abgeschlossen.',
  paidAfterCancelTitle: 'Ihre Zahlung ist eingegangen',
  paidAfterCancelLine:
    'Sie haben den Bezahlvorgang verlassen, Ihre Zahlung war jedoch bereits unterwegs. Die Zahlung ist abgeschlossen; Sie müssen nicht noch einmal bezahlen.',
  subscribedTitle: 'Abonnement bestätigt',
  subscribedLine: 'Vielen Dank. Ihr Abonnement ist eingerichtet.',
  subscribedAfterCancelLine:
    'Sie haben den Bezahlvorgang verlassen, Ihr Abonnement war jedoch bereits bestätigt. Sie müssen nichts weiter tun.',

  waitingTitle: 'Wir warten auf Ihre Zahlung',
  waitingLine:
    'Die endgültige Bestätigung liegt uns noch nicht vor. Das dauert in der Regel wenige Minuten.',
  toPayLine: 'Bei uns ist noch keine Zahlung eingegangen.',
  sentLine:
    'Ihre Zahlung ist unterwegs. Wir warten darauf, dass sie im Netzwerk erscheint; das dauert in der Regel ein bis zwei Minuten.',
  confirmingLine:
    'Das Netzwerk bestätigt gerade Ihre Zahlung. Das dauert in der Regel wenige Minuten, bei hoher Auslastung auch länger.',
  checksAgainLine: 'Diese Seite aktualisiert sich automatisch.',
  tellsLine: 'Sobald Ihre Zahlung eingeht, wird das hier automatisch angezeigt.',
  closeLine: 'Sie können diese Seite auch schließen und später wiederkommen.',
  leftTitle: 'Noch keine Zahlung',
  leftLine:
    'Sie haben den Bezahlvorgang verlassen, und es ist keine Zahlung eingegangen. Falls Sie doch bezahlt haben, wird das hier gleich automatisch angezeigt.',
  attemptFailedTitle: 'Noch nicht bezahlt',
  attemptFailedLine:
    'Der letzte Zahlungsversuch ist fehlgeschlagen. Sie können es im Bezahlvorgang erneut versuchen.',
  apiAwayTitle: 'Wir können Ihre Zahlung gerade nicht prüfen',
  apiAwayLine:
    'Der Zahlungsdienst antwortet im Moment nicht. Ihre Zahlung ist davon nicht betroffen: Falls Sie bereits bezahlt haben, bezahlen Sie bitte nicht noch einmal.',
  crowdedTitle: 'Die Prüfung dauert etwas länger',
  crowdedLine:
    'Im Moment werden sehr viele Zahlungen geprüft. Falls Sie bereits bezahlt haben, bezahlen Sie bitte nicht noch einmal.',

  failedTitle: 'Zahlung nicht abgeschlossen',
  failedLine:
    'Diese Zahlung ist fehlgeschlagen. Sie können zum Shop zurückkehren und es erneut versuchen.',
  expiredTitle: 'Bezahlvorgang abgelaufen',
  expiredLine:
    'Dieser Bezahlvorgang wurde ohne Zahlung beendet. Sie können zum Shop zurückkehren und neu beginnen.',
  paidAnywayLine: 'Falls Sie doch bezahlt haben, wenden Sie sich bitte an den Shop.',
  unknownTitle: 'Zahlung nicht gefunden',
  unknownLine:
    'Zu diesem Link ist uns keine Zahlung bekannt. Falls Sie bezahlt haben, wenden Sie sich bitte an den Shop.',
  invalidTitle: 'Dieser Link ist unvollständig',
  invalidLine:
    'Er verweist auf keine Zahlung. Bitte verwenden Sie den Link aus dem Bezahlvorgang, oder wenden Sie sich an den Shop.',

  toCheckout: 'Weiter zum Bezahlvorgang',
  checkoutFailedTitle: 'Der Bezahlvorgang konnte nicht gestartet werden',
  checkoutFailedLine: 'Es wurde nichts bezahlt. Bitte wenden Sie sich an den Shop.',
  checkoutAwayLine:
    'Es wurde nichts bezahlt. Bitte kehren Sie zum Shop zurück und versuchen Sie es gleich noch einmal.',
  noOrderLine:
    'Diese Bestellung wurde nicht gefunden, und es wurde nichts bezahlt. Bitte kehren Sie zum Shop zurück und versuchen Sie es erneut.',

  backToShop: 'Zurück zu {shop}',
  contactShop: '{shop} kontaktieren',
  tryAgain: 'Erneut versuchen',
  returnToCheckout: 'Zurück zum Bezahlvorgang',
  checkAgain: 'Erneut prüfen',
  manageSubscription: 'Abonnement verwalten',
  managePayment: 'Zahlung verwalten',
  printReceipt: 'Beleg drucken',
  seeOnExplorer: 'Im Block-Explorer ansehen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  copyReference: 'Bestellnummer kopieren',
  copyPaymentId: 'Zahlungs-ID kopieren',
  copySubscriptionId: 'Abonnement-ID kopieren',
  copyTransaction: 'Transaktions-Hash kopieren',

  receipt: 'Zahlungsbeleg',
  orderReference: 'Bestellnummer',
  paymentId: 'Zahlungs-ID',
  subscriptionId: 'Abonnement-ID',
  date: 'Datum',
  paidWith: 'Bezahlt mit',
  network: 'Netzwerk',
  transaction: 'Transaktion',
  price: 'Preis',
  trialEnds: 'Ende der Testphase',
  nextBill: 'Nächste Zahlung',
  testPayment: 'Testzahlung: kein echtes Geld',

  progress: 'Fortschritt',
  stepToPay: 'Warten auf Ihre Zahlung',
  stepOpened: 'Bezahlvorgang geöffnet',
  stepSent: 'Zahlung gesendet',
  stepConfirming: 'Wird bestätigt',
  stepPaid: 'Bezahlt',
  stepSubscribed: 'Abonniert',

  iconPaid: 'Bezahlt',
  iconWaiting: 'In Bearbeitung',
  iconAttention: 'Achtung',
  iconFailed: 'Fehlgeschlagen',
  iconExpired: 'Abgelaufen',
  iconUnknown: 'Nicht gefunden',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{price} {period}',
  trialUntil: 'Kostenlose Testphase bis {date}',
  trialLasts: 'Kostenlose Testphase: {duration}',

  everySeconds: { 1: 'pro Sekunde', other: 'alle {count} Sekunden' },
  everyMinutes: { 1: 'pro Minute', other: 'alle {count} Minuten' },
  everyHours: { 1: 'pro Stunde', other: 'alle {count} Stunden' },
  everyDays: { 1: 'pro Tag', other: 'alle {count} Tage' },
  everyWeeks: { 1: 'pro Woche', other: 'alle {count} Wochen' },
  everyMonths: { 1: 'pro Monat', other: 'alle {count} Monate' },
  everyYears: { 1: 'pro Jahr', other: 'alle {count} Jahre' },
};
