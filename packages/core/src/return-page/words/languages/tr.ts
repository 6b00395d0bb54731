import type { Catalogue } from '../catalogue.js';

/** Turkish, with the formal address. A shop's name takes no suffix: which one depends on how it sounds. */
export const words: Catalogue = {
  paidTitle: 'Ödeme alındı',
  paidLine: 'Teşekkür ederiz. Ödemeniz tamamlandı.',
  paidAfterCancelTitle: 'Ödemeniz bize ulaştı',
  paidAfterCancelLine:
    'Ödeme sayfasından ayrıldınız, ancak ödemeniz zaten gönderilmişti. Ödemeniz tamamlandı; yeniden ödeme yapmanız gerekmez.',
  subscribedTitle: 'Abonelik onaylandı',
  subscribedLine: 'Teşekkür ederiz. Aboneliğiniz hazır.',
  subscribedAfterCancelLine:
    'Ödeme sayfasından ayrıldınız, ancak aboneliğiniz zaten onaylanmıştı. Başka bir şey yapmanız gerekmez.',

  waitingTitle: 'Ödemeniz bekleniyor',
  waitingLine: 'Kesin onay henüz bize ulaşmadı. Bu genellikle birkaç dakika sürer.',
  toPayLine: 'Ödemeniz henüz bize ulaşmadı.',
  sentLine: 'Ödemeniz yolda. Ağda görünmesini bekliyoruz; bu genellikle bir iki dakika sürer.',
  confirmingLine:
    'Ödemeniz ağ tarafından onaylanıyor. Bu genellikle birkaç dakika, ağ yoğun olduğunda daha uzun sürer.',
  checksAgainLine: 'Bu sayfa kendiliğinden güncellenir.',
  tellsLine: 'Ödeme yaptığınızda bu sayfa bunu kendiliğinden gösterir.',
  closeLine: 'Bu sayfayı kapatıp daha sonra da dönebilirsiniz.',
  leftTitle: 'Henüz ödeme yok',
  leftLine:
    'Ödeme sayfasından ayrıldınız ve herhangi bir ödeme ulaşmadı. Yine de ödeme yaptıysanız bu sayfa bunu birazdan gösterecektir.',
  attemptFailedTitle: 'Henüz ödenmedi',
  attemptFailedLine:
    'Son ödeme denemesi başarısız oldu. Ödeme sayfasında yeniden deneyebilirsiniz.',
  apiAwayTitle: 'Ödemenizi şu anda kontrol edemiyoruz',
  apiAwayLine:
    'Ödeme hizmeti şu anda yanıt vermiyor. Bu durum ödemenizi etkilemez: Daha önce ödeme yaptıysanız lütfen yeniden ödeme yapmayın.',
  crowdedTitle: 'Kontrol biraz daha uzun sürüyor',
  crowdedLine:
    'Şu anda çok sayıda ödeme kontrol ediliyor. Daha önce ödeme yaptıysanız lütfen yeniden ödeme yapmayın.',

  failedTitle: 'Ödeme tamamlanmadı',
  failedLine: 'Bu ödeme başarısız oldu. Mağazaya dönüp yeniden deneyebilirsiniz.',
  expiredTitle: 'Ödeme oturumunun süresi doldu',
  expiredLine: 'Bu oturum ödeme yapılmadan sona erdi. Mağazaya dönüp yeniden başlayabilirsiniz.',
  paidAnywayLine: 'Yine de ödeme yaptıysanız lütfen mağazayla iletişime geçin.',
  unknownTitle: 'Ödeme bulunamadı',
  unknownLine:
    'Bu bağlantıya ait bir ödeme bulamadık. Ödeme yaptıysanız lütfen mağazayla iletişime geçin.',
  invalidTitle: 'Bu bağlantı eksik',
  invalidLine:
    'Herhangi bir ödemeyi belirtmiyor. Lütfen ödeme sayfasındaki bağlantıyı kullanın veya mağazayla iletişime geçin.',

  toCheckout: 'Ödeme sayfasına devam et',
  checkoutFailedTitle: 'Ödeme sayfası açılamadı',
  checkoutFailedLine: 'Herhangi bir ödeme yapılmadı. Lütfen mağazayla iletişime geçin.',
  checkoutAwayLine: 'Herhangi bir ödeme yapılmadı. Lütfen mağazaya dönüp birazdan yeniden deneyin.',
  noOrderLine:
    'Bu sipariş bulunamadı ve herhangi bir ödeme yapılmadı. Lütfen mağazaya dönüp yeniden deneyin.',

  backToShop: '{shop} mağazasına dön',
  contactShop: '{shop} ile iletişime geç',
  tryAgain: 'Yeniden dene',
  returnToCheckout: 'Ödeme sayfasına dön',
  checkAgain: 'Yeniden kontrol et',
  manageSubscription: 'Aboneliği yönet',
  managePayment: 'Ödemeyi yönet',
  printReceipt: 'Makbuzu yazdır',
  seeOnExplorer: 'Blok gezgininde görüntüle',
  copy: 'Kopyala',
  copied: 'Kopyalandı',
  copyReference: 'Sipariş numarasını kopyala',
  copyPaymentId: 'Ödeme kimliğini kopyala',
  copySubscriptionId: 'Abonelik kimliğini kopyala',
  copyTransaction: 'İşlem özetini kopyala',

  receipt: 'Makbuz',
  orderReference: 'Sipariş numarası',
  paymentId: 'Ödeme kimliği',
  subscriptionId: 'Abonelik kimliği',
  date: 'Tarih',
  paidWith: 'Ödeme birimi',
  network: 'Ağ',
  transaction: 'İşlem',
  price: 'Fiyat',
  trialEnds: 'Deneme sürümü bitişi',
  nextBill: 'Sonraki ödeme',
  testPayment: 'Test ödemesi: gerçek para değil',

  progress: 'İlerleme',
  stepToPay: 'Ödeme yapmanız bekleniyor',
  stepOpened: 'Ödeme sayfası açıldı',
  stepSent: 'Ödeme gönderildi',
  stepConfirming: 'Onaylanıyor',
  stepPaid: 'Ödendi',
  stepSubscribed: 'Abone olundu',

  iconPaid: 'Ödendi',
  iconWaiting: 'Bekleniyor',
  iconAttention: 'Dikkat',
  iconFailed: 'Başarısız',
  iconExpired: 'Süresi doldu',
  iconUnknown: 'Bulunamadı',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{period} {price}',
  trialUntil: 'Ücretsiz deneme bitişi: {date}',
  trialLasts: 'Ücretsiz deneme: {duration}',

  everySeconds: { 1: 'her saniye', other: '{count} saniyede bir' },
  everyMinutes: { 1: 'her dakika', other: '{count} dakikada bir' },
  everyHours: { 1: 'her saat', other: '{count} saatte bir' },
  everyDays: { 1: 'her gün', other: '{count} günde bir' },
  everyWeeks: { 1: 'her hafta', other: '{count} haftada bir' },
  everyMonths: { 1: 'her ay', other: '{count} ayda bir' },
  everyYears: { 1: 'her yıl', other: '{count} yılda bir' },
};
