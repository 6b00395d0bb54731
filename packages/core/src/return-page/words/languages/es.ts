import type { Catalogue } from '../catalogue.js';

/** Spanish, with the formal address. */
export const words: Catalogue = {
  paidTitle: 'Pago recibido',
  paidLine: 'Gracias. Su pago se ha completado.',
  paidAfterCancelTitle: 'Su pago ha llegado',
  paidAfterCancelLine:
    'Salió de la página de pago, pero su pago ya se había enviado. Se ha completado; no es necesario que vuelva a pagar.',
  subscribedTitle: 'Suscripción confirmada',
  subscribedLine: 'Gracias. Su suscripción está lista.',
  subscribedAfterCancelLine:
    'Salió de la página de pago, pero su suscripción ya se había confirmado. No es necesario que haga nada más.',

  waitingTitle: 'Esperando su pago',
  waitingLine: 'Todavía no hemos recibido la confirmación definitiva. Suele tardar unos minutos.',
  toPayLine: 'Todavía no hemos recibido su pago.',
  sentLine:
    'Su pago está en camino. Esperamos a que aparezca en la red, lo que suele tardar uno o dos minutos.',
  confirmingLine:
    'La red está confirmando su pago. Suele tardar unos minutos, y algo más cuando la red está saturada.',
  checksAgainLine: 'Esta página se actualiza automáticamente.',
  tellsLine: 'En cuanto haya pagado, esta página se lo indicará automáticamente.',
  closeLine: 'También puede cerrar esta página y volver más tarde.',
  leftTitle: 'Todavía no hay ningún pago',
  leftLine:
    'Salió de la página de pago y no ha llegado ningún pago. Si finalmente pagó, esta página se lo indicará en unos instantes.',
  attemptFailedTitle: 'Todavía sin pagar',
  attemptFailedLine:
    'El último intento de pago no se completó. Puede intentarlo de nuevo en la página de pago.',
  apiAwayTitle: 'En este momento no podemos comprobar su pago',
  apiAwayLine:
    'El servicio de pagos no responde en este momento. Esto no afecta a su pago: si ya ha pagado, no vuelva a pagar, por favor.',
  crowdedTitle: 'La comprobación tarda un poco más',
  crowdedLine:
    'En este momento se están comprobando muchos pagos. Si ya ha pagado, no vuelva a pagar, por favor.',

  failedTitle: 'Pago no completado',
  failedLine: 'Este pago no se ha completado. Puede volver a la tienda e intentarlo de nuevo.',
  expiredTitle: 'Sesión de pago caducada',
  expiredLine: 'Esta sesión terminó sin ningún pago. Puede volver a la tienda y empezar de nuevo.',
  paidAnywayLine: 'Si a pesar de ello ha pagado, póngase en contacto con la tienda.',
  unknownTitle: 'Pago no encontrado',
  unknownLine:
    'No consta ningún pago con este enlace. Si ha pagado, póngase en contacto con la tienda.',
  invalidTitle: 'Este enlace está incompleto',
  invalidLine:
    'No corresponde a ningún pago. Utilice el enlace de la página de pago o póngase en contacto con la tienda.',

  toCheckout: 'Continuar a la página de pago',
  checkoutFailedTitle: 'No se ha podido abrir la página de pago',
  checkoutFailedLine: 'No se ha pagado nada. Póngase en contacto con la tienda.',
  checkoutAwayLine:
    'No se ha pagado nada. Vuelva a la tienda e inténtelo de nuevo en unos instantes.',
  noOrderLine:
    'No se ha encontrado este pedido y no se ha pagado nada. Vuelva a la tienda e inténtelo de nuevo.',

  backToShop: 'Volver a {shop}',
  contactShop: 'Contactar con {shop}',
  tryAgain: 'Intentar de nuevo',
  returnToCheckout: 'Volver a la página de pago',
  checkAgain: 'Comprobar de nuevo',
  manageSubscription: 'Gestionar la suscripción',
  managePayment: 'Gestionar el pago',
  printReceipt: 'Imprimir el recibo',
  seeOnExplorer: 'Ver en el explorador de bloques',
  copy: 'Copiar',
  copied: 'Copiado',
  copyReference: 'Copiar la referencia del pedido',
  copyPaymentId: 'Copiar el ID del pago',
  copySubscriptionId: 'Copiar el ID de la suscripción',
  copyTransaction: 'Copiar el hash de la transacción',

  receipt: 'Recibo',
  orderReference: 'Referencia del pedido',
  paymentId: 'ID del pago',
  subscriptionId: 'ID de la suscripción',
  date: 'Fecha',
  paidWith: 'Pagado con',
  network: 'Red',
  transaction: 'Transacción',
  price: 'Precio',
  trialEnds: 'Fin de la prueba',
  nextBill: 'Próximo pago',
  testPayment: 'Pago de prueba: sin dinero real',

  progress: 'Progreso',
  stepToPay: 'A la espera de su pago',
  stepOpened: 'Página de pago abierta',
  stepSent: 'Pago enviado',
  stepConfirming: 'Confirmación en curso',
  stepPaid: 'Pagado',
  stepSubscribed: 'Suscripción activa',

  iconPaid: 'Pagado',
  iconWaiting: 'En espera',
  iconAttention: 'Atención',
  iconFailed: 'Fallido',
  iconExpired: 'Caducado',
  iconUnknown: 'No encontrado',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{price} {period}',
  trialUntil: 'Prueba gratuita hasta el {date}',
  trialLasts: 'Prueba gratuita: {duration}',

  everySeconds: { 1: 'cada segundo', other: 'cada {count} segundos' },
  everyMinutes: { 1: 'cada minuto', other: 'cada {count} minutos' },
  everyHours: { 1: 'cada hora', other: 'cada {count} horas' },
  everyDays: { 1: 'cada día', other: 'cada {count} días' },
  everyWeeks: { 1: 'cada semana', other: 'cada {count} semanas' },
  everyMonths: { 1: 'cada mes', other: 'cada {count} meses' },
  everyYears: { 1: 'cada año', other: 'cada {count} años' },
};
