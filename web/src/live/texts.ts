export default {
  zh: {
    on: '实时更新',
    cut: '实时连接断开，每 30 秒更新',
    arrived: '新到 {n} 件',
    new: '新到',
  },
  en: {
    on: 'Live',
    cut: 'Not live; looks every 30 s',
    arrived: '{n} new',
    new: 'new',
  },
};
