import { useI18n } from 'vue-i18n';

/** Words for a fee in fen. */
export function useFee(): (fen: number) => string {
  const { t } = useI18n();
  return (fen) => (fen === 0 ? t('catalogue.noFee') : t('catalogue.yuan', { n: fen / 100 }));
}
