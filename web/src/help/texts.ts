export default {
  zh: {
    manual: '手册',
    manuals: '使用手册',
    whole: '看全文',
    download: '下载',
    contents: '目录',
    notOpened: '手册没有打开',
  },
  en: {
    manual: 'Manual',
    manuals: 'Manuals',
    whole: 'Whole manual',
    download: 'Download',
    contents: 'Contents',
    notOpened: 'The manual was not opened',
  },
};
