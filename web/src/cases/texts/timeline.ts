/** The time line. */
export default {
  zh: {
    timeline: '时间线',
    allLines: '全部 {n} 条',
    history: '操作留痕',
    lines: '{n} 条',
    linesAbout: '看哪一类',
    group: { all: '全部', acts: '办理', documents: '文书证照', clocks: '时限', data: '数据材料', work: '自动办理' },
    findLine: '搜内容、人、环节',
    noLine: '没有找到，换个词试试',
    moreLines: '再看 {n} 条',
    hash: 'SM3 {hash}…',
  },
  en: {
    timeline: 'Time line',
    allLines: 'All {n}',
    history: 'Trace',
    lines: '{n} lines',
    linesAbout: 'About what',
    group: {
      all: 'All',
      acts: 'Acts',
      documents: 'Documents',
      clocks: 'Clocks',
      data: 'Data, materials',
      work: 'Automatic',
    },
    findLine: 'Find words, people, steps',
    noLine: 'Nothing found; try another word',
    moreLines: '{n} more',
    hash: 'SM3 {hash}…',
  },
};
