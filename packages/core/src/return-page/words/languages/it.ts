import type { Catalogue } from '../catalogue.js';

/** Italian. It avoids addressing the customer where it can, as Italian shops do, and is formal elsewhere. */
export const words: Catalogue = {
  paidTitle: 'Pagamento ricevuto',
  paidLine: 'Grazie. Il pagamento è stato completato.',
  paidAfterCancelTitle: 'Il pagamento è arrivato',
  paidAfterCancelLine:
    'La pagina di pagamento è stata abbandonata, ma il pagamento era già stato inviato. È stato completato; non occorre pagare di nuovo.',
  subscribedTitle: 'Abbonamento confermato',
  subscribedLine: 'Grazie. L’abbonamento è attivo.',
  subscribedAfterCancelLine:
    'La pagina di pagamento è stata abbandonata, ma l’abbonamento era già stato confermato. Non occorre fare altro.',

  waitingTitle: 'In attesa del pagamento',
  waitingLine:
    'Non abbiamo ancora ricevuto la conferma definitiva. Di solito occorrono alcuni minuti.',
  toPayLine: 'Non abbiamo ancora ricevuto il pagamento.',
  sentLine:
    'Il pagamento è in arrivo. Attendiamo che compaia sulla rete: di solito occorrono uno o due minuti.',
  confirmingLine:
    'La rete sta confermando il pagamento. Di solito occorrono alcuni minuti, di più quando la rete è congestionata.',
  checksAgainLine: 'Questa pagina si aggiorna automaticamente.',
  tellsLine: 'A pagamento avvenuto, questa pagina lo indicherà automaticamente.',
  closeLine: 'È anche possibile chiudere questa pagina e tornare più tardi.',
  leftTitle: 'Ancora nessun pagamento',
  leftLine:
    'La pagina di pagamento è stata abbandonata e non è arrivato alcun pagamento. Se il pagamento è stato comunque effettuato, questa pagina lo indicherà a breve.',
  attemptFailedTitle: 'Pagamento non ancora effettuato',
  attemptFailedLine:
    'L’ultimo tentativo non è andato a buon fine. È possibile riprovare nella pagina di pagamento.',
  apiAwayTitle: 'Al momento non possiamo verificare il pagamento',
  apiAwayLine:
    'Il servizio di pagamento al momento non risponde. Questo non ha effetti sul pagamento: se è già stato effettuato, si prega di non pagare di nuovo.',
  crowdedTitle: 'La verifica richiede un po’ più di tempo',
  crowdedLine:
    'Al momento sono in corso di verifica molti pagamenti. Se il pagamento è già stato effettuato, si prega di non pagare di nuovo.',

  failedTitle: 'Pagamento non completato',
  failedLine:
    'Questo pagamento non è andato a buon fine. È possibile tornare al negozio e riprovare.',
  expiredTitle: 'Sessione di pagamento scaduta',
  expiredLine:
    'Questa sessione è terminata senza un pagamento. È possibile tornare al negozio e ricominciare.',
  paidAnywayLine: 'Se il pagamento è stato comunque effettuato, si prega di contattare il negozio.',
  unknownTitle: 'Pagamento non trovato',
  unknownLine:
    'A questo link non risulta alcun pagamento. Se il pagamento è stato effettuato, si prega di contattare il negozio.',
  invalidTitle: 'Questo link è incompleto',
  invalidLine:
    'Non indica alcun pagamento. Si prega di usare il link della pagina di pagamento o di contattare il negozio.',

  toCheckout: 'Continua alla pagina di pagamento',
  checkoutFailedTitle: 'Non è stato possibile aprire la pagina di pagamento',
  checkoutFailedLine: 'Non è stato pagato nulla. Si prega di contattare il negozio.',
  checkoutAwayLine:
    'Non è stato pagato nulla. Si prega di tornare al negozio e di riprovare tra poco.',
  noOrderLine:
    'Questo ordine non è stato trovato e non è stato pagato nulla. Si prega di tornare al negozio e di riprovare.',

  backToShop: 'Torna a {shop}',
  contactShop: 'Contatta {shop}',
  tryAgain: 'Riprova',
  returnToCheckout: 'Torna alla pagina di pagamento',
  checkAgain: 'Verifica di nuovo',
  manageSubscription: 'Gestisci l’abbonamento',
  managePayment: 'Gestisci il pagamento',
  printReceipt: 'Stampa la ricevuta',
  seeOnExplorer: 'Vedi sul block explorer',
  copy: 'Copia',
  copied: 'Copiato',
  copyReference: 'Copia il riferimento dell’ordine',
  copyPaymentId: 'Copia l’ID del pagamento',
  copySubscriptionId: 'Copia l’ID dell’abbonamento',
  copyTransaction: 'Copia l’hash della transazione',

  receipt: 'Ricevuta',
  orderReference: 'Riferimento dell’ordine',
  paymentId: 'ID del pagamento',
  subscriptionId: 'ID dell’abbonamento',
  date: 'Data',
  paidWith: 'Pagato con',
  network: 'Rete',
  transaction: 'Transazione',
  price: 'Prezzo',
  trialEnds: 'Fine della prova',
  nextBill: 'Prossimo pagamento',
  testPayment: 'Pagamento di prova: nessun denaro reale',

  progress: 'Avanzamento',
  stepToPay: 'In attesa del pagamento',
  stepOpened: 'Pagina di pagamento aperta',
  stepSent: 'Pagamento inviato',
  stepConfirming: 'Conferma in corso',
  stepPaid: 'Pagato',
  stepSubscribed: 'Abbonamento attivo',

  iconPaid: 'Pagato',
  iconWaiting: 'In attesa',
  iconAttention: 'Attenzione',
  iconFailed: 'Non riuscito',
  iconExpired: 'Scaduto',
  iconUnknown: 'Non trovato',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{price} {period}',
  trialUntil: 'Prova gratuita fino al {date}',
  trialLasts: 'Prova gratuita: {duration}',

  everySeconds: { 1: 'al secondo', other: 'ogni {count} secondi' },
  everyMinutes: { 1: 'al minuto', other: 'ogni {count} minuti' },
  everyHours: { 1: 'all’ora', other: 'ogni {count} ore' },
  everyDays: { 1: 'al giorno', other: 'ogni {count} giorni' },
  everyWeeks: { 1: 'alla settimana', other: 'ogni {count} settimane' },
  everyMonths: { 1: 'al mese', other: 'ogni {count} mesi' },
  everyYears: { 1: 'all’anno', other: 'ogni {count} anni' },
};
