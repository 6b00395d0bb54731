import type { Catalogue } from '../catalogue.js';

/** French. Spaces before `:` (U+00A0) and `;` (U+202F) do not break. */
export const words: Catalogue = {
  paidTitle: 'Paiement reçu',
  paidLine: 'Merci. Votre paiement a bien été effectué.',
  paidAfterCancelTitle: 'Votre paiement est bien arrivé',
  paidAfterCancelLine:
    'Vous avez quitté la page de paiement, mais votre paiement était déjà parti. Il a bien été effectué\u202f; vous n’avez pas besoin de payer à nouveau.',
  subscribedTitle: 'Abonnement confirmé',
  subscribedLine: 'Merci. Votre abonnement est en place.',
  subscribedAfterCancelLine:
    'Vous avez quitté la page de paiement, mais votre abonnement était déjà confirmé. Vous n’avez rien d’autre à faire.',

  waitingTitle: 'En attente de votre paiement',
  waitingLine:
    'Nous n’avons pas encore reçu la confirmation définitive. Cela prend généralement quelques minutes.',
  toPayLine: 'Nous n’avons pas encore reçu votre paiement.',
  sentLine:
    'Votre paiement est en route. Nous attendons qu’il apparaisse sur le réseau, ce qui prend généralement une à deux minutes.',
  confirmingLine:
    'Le réseau est en train de confirmer votre paiement. Cela prend généralement quelques minutes, davantage lorsque le réseau est chargé.',
  checksAgainLine: 'Cette page s’actualise automatiquement.',
  tellsLine: 'Dès que vous aurez payé, cette page vous l’indiquera automatiquement.',
  closeLine: 'Vous pouvez aussi fermer cette page et revenir plus tard.',
  leftTitle: 'Pas encore de paiement',
  leftLine:
    'Vous avez quitté la page de paiement et aucun paiement n’est arrivé. Si vous avez tout de même payé, cette page vous l’indiquera dans un instant.',
  attemptFailedTitle: 'Paiement pas encore effectué',
  attemptFailedLine:
    'La dernière tentative n’a pas abouti. Vous pouvez réessayer sur la page de paiement.',
  apiAwayTitle: 'Impossible de vérifier votre paiement pour l’instant',
  apiAwayLine:
    'Le service de paiement ne répond pas pour le moment. Cela n’a aucune incidence sur votre paiement\u00a0: si vous avez déjà payé, veuillez ne pas payer à nouveau.',
  crowdedTitle: 'La vérification prend un peu plus de temps',
  crowdedLine:
    'De nombreux paiements sont en cours de vérification. Si vous avez déjà payé, veuillez ne pas payer à nouveau.',

  failedTitle: 'Paiement non abouti',
  failedLine:
    'Ce paiement n’a pas abouti. Vous pouvez revenir à la boutique et effectuer une nouvelle tentative.',
  expiredTitle: 'Session de paiement expirée',
  expiredLine:
    'Cette session s’est terminée sans paiement. Vous pouvez revenir à la boutique et recommencer.',
  paidAnywayLine: 'Si vous avez tout de même payé, veuillez contacter la boutique.',
  unknownTitle: 'Paiement introuvable',
  unknownLine:
    'Aucun paiement ne correspond à ce lien. Si vous avez payé, veuillez contacter la boutique.',
  invalidTitle: 'Ce lien est incomplet',
  invalidLine:
    'Il ne désigne aucun paiement. Veuillez utiliser le lien de la page de paiement ou contacter la boutique.',

  toCheckout: 'Continuer vers la page de paiement',
  checkoutFailedTitle: 'La page de paiement n’a pas pu être ouverte',
  checkoutFailedLine: 'Rien n’a été payé. Veuillez contacter la boutique.',
  checkoutAwayLine:
    'Rien n’a été payé. Veuillez revenir à la boutique et réessayer dans un instant.',
  noOrderLine:
    'Cette commande est introuvable et rien n’a été payé. Veuillez revenir à la boutique et réessayer.',

  backToShop: 'Retour à {shop}',
  contactShop: 'Contacter {shop}',
  tryAgain: 'Réessayer',
  returnToCheckout: 'Revenir à la page de paiement',
  checkAgain: 'Vérifier à nouveau',
  manageSubscription: 'Gérer l’abonnement',
  managePayment: 'Gérer le paiement',
  printReceipt: 'Imprimer le reçu',
  seeOnExplorer: 'Voir sur l’explorateur de blocs',
  copy: 'Copier',
  copied: 'Copié',
  copyReference: 'Copier la référence de commande',
  copyPaymentId: 'Copier l’identifiant du paiement',
  copySubscriptionId: 'Copier l’identifiant de l’abonnement',
  copyTransaction: 'Copier le hash de la transaction',

  receipt: 'Reçu',
  orderReference: 'Référence de commande',
  paymentId: 'Identifiant du paiement',
  subscriptionId: 'Identifiant de l’abonnement',
  date: 'Date',
  paidWith: 'Payé avec',
  network: 'Réseau',
  transaction: 'Transaction',
  price: 'Prix',
  trialEnds: 'Fin de l’essai',
  nextBill: 'Prochain paiement',
  testPayment: 'Paiement de test\u00a0: aucun argent réel',

  progress: 'Avancement',
  stepToPay: 'En attente de votre paiement',
  stepOpened: 'Page de paiement ouverte',
  stepSent: 'Paiement envoyé',
  stepConfirming: 'Confirmation en cours',
  stepPaid: 'Payé',
  stepSubscribed: 'Abonnement souscrit',

  iconPaid: 'Payé',
  iconWaiting: 'En attente',
  iconAttention: 'Attention requise',
  iconFailed: 'Échec',
  iconExpired: 'Expiré',
  iconUnknown: 'Introuvable',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{price} {period}',
  trialUntil: 'Essai gratuit jusqu’au {date}',
  trialLasts: 'Essai gratuit\u00a0: {duration}',

  everySeconds: { 1: 'par seconde', other: 'toutes les {count}\u00a0secondes' },
  everyMinutes: { 1: 'par minute', other: 'toutes les {count}\u00a0minutes' },
  everyHours: { 1: 'par heure', other: 'toutes les {count}\u00a0heures' },
  everyDays: { 1: 'par jour', other: 'tous les {count}\u00a0jours' },
  everyWeeks: { 1: 'par semaine', other: 'toutes les {count}\u00a0semaines' },
  everyMonths: { 1: 'par mois', other: 'tous les {count}\u00a0mois' },
  everyYears: { 1: 'par an', other: 'tous les {count}\u00a0ans' },
};
