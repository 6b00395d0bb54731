import type { Catalogue } from '../catalogue.js';

/** Polish. It does without forms that depend on the customer's gender, and a shop's name stays as it is. */
export const words: Catalogue = {
  paidTitle: 'Płatność otrzymana',
  paidLine: 'Dziękujemy. Płatność została zrealizowana.',
  paidAfterCancelTitle: 'Płatność dotarła',
  paidAfterCancelLine:
    'Strona płatności została opuszczona, ale płatność była już wysłana. Została zrealizowana; nie trzeba płacić ponownie.',
  subscribedTitle: 'Subskrypcja potwierdzona',
  subscribedLine: 'Dziękujemy. Subskrypcja jest aktywna.',
  subscribedAfterCancelLine:
    'Strona płatności została opuszczona, ale subskrypcja była już potwierdzona. Nie trzeba robić nic więcej.',

  waitingTitle: 'Oczekujemy na płatność',
  waitingLine: 'Nie mamy jeszcze ostatecznego potwierdzenia. Zwykle trwa to kilka minut.',
  toPayLine: 'Nie otrzymaliśmy jeszcze płatności.',
  sentLine:
    'Płatność jest w drodze. Czekamy, aż pojawi się w sieci, co zwykle trwa minutę lub dwie.',
  confirmingLine:
    'Sieć potwierdza płatność. Zwykle trwa to kilka minut, a przy dużym obciążeniu sieci dłużej.',
  checksAgainLine: 'Ta strona odświeża się automatycznie.',
  tellsLine: 'Po dokonaniu płatności informacja o niej pojawi się na tej stronie automatycznie.',
  closeLine: 'Można też zamknąć tę stronę i wrócić później.',
  leftTitle: 'Nie ma jeszcze płatności',
  leftLine:
    'Strona płatności została opuszczona i nie dotarła żadna płatność. Jeśli płatność jednak została wysłana, informacja o niej pojawi się tu za chwilę.',
  attemptFailedTitle: 'Jeszcze nie zapłacono',
  attemptFailedLine:
    'Ostatnia próba płatności nie powiodła się. Można spróbować ponownie na stronie płatności.',
  apiAwayTitle: 'Nie możemy teraz sprawdzić płatności',
  apiAwayLine:
    'Usługa płatnicza chwilowo nie odpowiada. Nie ma to wpływu na płatność: jeśli została już wysłana, prosimy nie płacić ponownie.',
  crowdedTitle: 'Sprawdzanie trwa nieco dłużej',
  crowdedLine:
    'W tej chwili sprawdzanych jest wiele płatności. Jeśli płatność została już wysłana, prosimy nie płacić ponownie.',

  failedTitle: 'Płatność nie została zrealizowana',
  failedLine: 'Ta płatność nie powiodła się. Można wrócić do sklepu i spróbować ponownie.',
  expiredTitle: 'Sesja płatności wygasła',
  expiredLine: 'Ta sesja zakończyła się bez płatności. Można wrócić do sklepu i zacząć od nowa.',
  paidAnywayLine: 'Jeśli płatność mimo to została wysłana, prosimy o kontakt ze sklepem.',
  unknownTitle: 'Nie znaleziono płatności',
  unknownLine:
    'Nie znamy żadnej płatności dla tego linku. Jeśli płatność została wysłana, prosimy o kontakt ze sklepem.',
  invalidTitle: 'Ten link jest niepełny',
  invalidLine:
    'Nie wskazuje żadnej płatności. Prosimy użyć linku ze strony płatności lub skontaktować się ze sklepem.',

  toCheckout: 'Przejdź do strony płatności',
  checkoutFailedTitle: 'Nie udało się otworzyć strony płatności',
  checkoutFailedLine: 'Nic nie zostało zapłacone. Prosimy o kontakt ze sklepem.',
  checkoutAwayLine:
    'Nic nie zostało zapłacone. Prosimy wrócić do sklepu i spróbować ponownie za chwilę.',
  noOrderLine:
    'Nie znaleziono tego zamówienia i nic nie zostało zapłacone. Prosimy wrócić do sklepu i spróbować ponownie.',

  backToShop: 'Wróć do sklepu {shop}',
  contactShop: 'Kontakt ze sklepem {shop}',
  tryAgain: 'Spróbuj ponownie',
  returnToCheckout: 'Wróć do strony płatności',
  checkAgain: 'Sprawdź ponownie',
  manageSubscription: 'Zarządzaj subskrypcją',
  managePayment: 'Zarządzaj płatnością',
  printReceipt: 'Drukuj potwierdzenie',
  seeOnExplorer: 'Zobacz w eksploratorze bloków',
  copy: 'Kopiuj',
  copied: 'Skopiowano',
  copyReference: 'Kopiuj numer zamówienia',
  copyPaymentId: 'Kopiuj identyfikator płatności',
  copySubscriptionId: 'Kopiuj identyfikator subskrypcji',
  copyTransaction: 'Kopiuj hash transakcji',

  receipt: 'Potwierdzenie płatności',
  orderReference: 'Numer zamówienia',
  paymentId: 'Identyfikator płatności',
  subscriptionId: 'Identyfikator subskrypcji',
  date: 'Data',
  paidWith: 'Waluta płatności',
  network: 'Sieć',
  transaction: 'Transakcja',
  price: 'Cena',
  trialEnds: 'Koniec okresu próbnego',
  nextBill: 'Następna płatność',
  testPayment: 'Płatność testowa: bez prawdziwych pieniędzy',

  progress: 'Postęp',
  stepToPay: 'Oczekiwanie na płatność',
  stepOpened: 'Strona płatności otwarta',
  stepSent: 'Płatność wysłana',
  stepConfirming: 'Trwa potwierdzanie',
  stepPaid: 'Zapłacono',
  stepSubscribed: 'Subskrypcja aktywna',

  iconPaid: 'Zapłacono',
  iconWaiting: 'Oczekiwanie',
  iconAttention: 'Uwaga',
  iconFailed: 'Niepowodzenie',
  iconExpired: 'Wygasło',
  iconUnknown: 'Nie znaleziono',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{price} {period}',
  trialUntil: 'Bezpłatny okres próbny do {date}',
  trialLasts: 'Bezpłatny okres próbny: {duration}',

  everySeconds: {
    1: 'co sekundę',
    few: 'co {count} sekundy',
    many: 'co {count} sekund',
    other: 'co {count} sekundy',
  },
  everyMinutes: {
    1: 'co minutę',
    few: 'co {count} minuty',
    many: 'co {count} minut',
    other: 'co {count} minuty',
  },
  everyHours: {
    1: 'co godzinę',
    few: 'co {count} godziny',
    many: 'co {count} godzin',
    other: 'co {count} godziny',
  },
  everyDays: {
    1: 'codziennie',
    few: 'co {count} dni',
    many: 'co {count} dni',
    other: 'co {count} dnia',
  },
  everyWeeks: {
    1: 'co tydzień',
    few: 'co {count} tygodnie',
    many: 'co {count} tygodni',
    other: 'co {count} tygodnia',
  },
  everyMonths: {
    1: 'co miesiąc',
    few: 'co {count} miesiące',
    many: 'co {count} miesięcy',
    other: 'co {count} miesiąca',
  },
  everyYears: {
    1: 'co rok',
    few: 'co {count} lata',
    many: 'co {count} lat',
    other: 'co {count} roku',
  },
};
