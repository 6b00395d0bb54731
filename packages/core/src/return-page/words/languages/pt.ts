import type { Catalogue } from '../catalogue.js';

/** Portuguese as in Brazil. */
export const words: Catalogue = {
  paidTitle: 'Pagamento recebido',
  paidLine: 'Obrigado. Seu pagamento foi concluído.',
  paidAfterCancelTitle: 'Seu pagamento chegou',
  paidAfterCancelLine:
    'Você saiu da página de pagamento, mas seu pagamento já havia sido enviado. Ele foi concluído; você não precisa pagar novamente.',
  subscribedTitle: 'Assinatura confirmada',
  subscribedLine: 'Obrigado. Sua assinatura está pronta.',
  subscribedAfterCancelLine:
    'Você saiu da página de pagamento, mas sua assinatura já havia sido confirmada. Você não precisa fazer mais nada.',

  waitingTitle: 'Aguardando seu pagamento',
  waitingLine: 'Ainda não recebemos a confirmação final. Isso costuma levar alguns minutos.',
  toPayLine: 'Ainda não recebemos seu pagamento.',
  sentLine:
    'Seu pagamento está a caminho. Estamos aguardando que ele apareça na rede, o que costuma levar um ou dois minutos.',
  confirmingLine:
    'A rede está confirmando seu pagamento. Isso costuma levar alguns minutos, ou mais quando a rede está congestionada.',
  checksAgainLine: 'Esta página se atualiza automaticamente.',
  tellsLine: 'Assim que você pagar, esta página informará automaticamente.',
  closeLine: 'Você também pode fechar esta página e voltar mais tarde.',
  leftTitle: 'Nenhum pagamento ainda',
  leftLine:
    'Você saiu da página de pagamento e nenhum pagamento chegou. Se mesmo assim você pagou, esta página informará em instantes.',
  attemptFailedTitle: 'Ainda não pago',
  attemptFailedLine:
    'A última tentativa não foi concluída. Você pode tentar novamente na página de pagamento.',
  apiAwayTitle: 'Não é possível verificar seu pagamento agora',
  apiAwayLine:
    'O serviço de pagamento não está respondendo no momento. Isso não afeta seu pagamento: se você já pagou, por favor não pague novamente.',
  crowdedTitle: 'A verificação está demorando um pouco mais',
  crowdedLine:
    'Muitos pagamentos estão sendo verificados no momento. Se você já pagou, por favor não pague novamente.',

  failedTitle: 'Pagamento não concluído',
  failedLine: 'Este pagamento não foi concluído. Você pode voltar à loja e tentar novamente.',
  expiredTitle: 'Sessão de pagamento expirada',
  expiredLine:
    'Esta sessão terminou sem um pagamento. Você pode voltar à loja e começar novamente.',
  paidAnywayLine: 'Se mesmo assim você pagou, entre em contato com a loja.',
  unknownTitle: 'Pagamento não encontrado',
  unknownLine:
    'Não encontramos nenhum pagamento para este link. Se você pagou, entre em contato com a loja.',
  invalidTitle: 'Este link está incompleto',
  invalidLine:
    'Ele não indica nenhum pagamento. Use o link da página de pagamento ou entre em contato com a loja.',

  toCheckout: 'Continuar para a página de pagamento',
  checkoutFailedTitle: 'Não foi possível abrir a página de pagamento',
  checkoutFailedLine: 'Nada foi pago. Entre em contato com a loja.',
  checkoutAwayLine: 'Nada foi pago. Volte à loja e tente novamente em instantes.',
  noOrderLine: 'Este pedido não foi encontrado e nada foi pago. Volte à loja e tente novamente.',

  backToShop: 'Voltar para {shop}',
  contactShop: 'Falar com {shop}',
  tryAgain: 'Tentar novamente',
  returnToCheckout: 'Voltar à página de pagamento',
  checkAgain: 'Verificar novamente',
  manageSubscription: 'Gerenciar assinatura',
  managePayment: 'Gerenciar pagamento',
  printReceipt: 'Imprimir recibo',
  seeOnExplorer: 'Ver no explorador de blocos',
  copy: 'Copiar',
  copied: 'Copiado',
  copyReference: 'Copiar a referência do pedido',
  copyPaymentId: 'Copiar o ID do pagamento',
  copySubscriptionId: 'Copiar o ID da assinatura',
  copyTransaction: 'Copiar o hash da transação',

  receipt: 'Recibo',
  orderReference: 'Referência do pedido',
  paymentId: 'ID do pagamento',
  subscriptionId: 'ID da assinatura',
  date: 'Data',
  paidWith: 'Pago com',
  network: 'Rede',
  transaction: 'Transação',
  price: 'Preço',
  trialEnds: 'Fim do teste',
  nextBill: 'Próximo pagamento',
  testPayment: 'Pagamento de teste: sem dinheiro real',

  progress: 'Progresso',
  stepToPay: 'Aguardando você pagar',
  stepOpened: 'Página de pagamento aberta',
  stepSent: 'Pagamento enviado',
  stepConfirming: 'Em confirmação',
  stepPaid: 'Pago',
  stepSubscribed: 'Assinatura ativa',

  iconPaid: 'Pago',
  iconWaiting: 'Aguardando',
  iconAttention: 'Atenção',
  iconFailed: 'Falhou',
  iconExpired: 'Expirado',
  iconUnknown: 'Não encontrado',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{price} {period}',
  trialUntil: 'Teste gratuito até {date}',
  trialLasts: 'Teste gratuito: {duration}',

  everySeconds: { 1: 'por segundo', other: 'a cada {count} segundos' },
  everyMinutes: { 1: 'por minuto', other: 'a cada {count} minutos' },
  everyHours: { 1: 'por hora', other: 'a cada {count} horas' },
  everyDays: { 1: 'por dia', other: 'a cada {count} dias' },
  everyWeeks: { 1: 'por semana', other: 'a cada {count} semanas' },
  everyMonths: { 1: 'por mês', other: 'a cada {count} meses' },
  everyYears: { 1: 'por ano', other: 'a cada {count} anos' },
};
