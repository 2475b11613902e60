import { defineRegister, fieldsOf } from '../register.ts';

const COLUMNS = [
  ...['id', 'number', 'version', 'kind', 'institution_id', 'holder_name', 'holder_uscc'],
  ...['valid_from', 'valid_to', 'issued_at'],
];

/** As `stateOn` of contracts/certificate-life: expiry and the end of a suspension are computed when read. */
const STATE_ON = `
  case when state in ('valid', 'suspended') and valid_to < :today then 'expired'
       when state = 'suspended' and suspended_until < :today then 'valid'
       else state end`;

/** Certificates: written by issuing and changing them only, read here like any register. */
export const certificate = defineRegister({
  id: 'certificate',
  table: 'certificate',
  title: { zh: '证书', en: 'Certificates' },
  mirrored: true,
  pages: '/certificates',
  rowsOn: (db, today) => db('certificate').select(...COLUMNS, db.raw(`${STATE_ON} as state`, { today })),
  subject: 'institution_id',
  updatedAt: 'issued_at',
  without: { column: 'state', values: ['reserved', 'void'] },
  codes: ['number', 'holderUscc'],
  name: 'holderName',
  list: ['number', 'version', 'holderName', 'holderUscc', 'state', 'validTo'],
  filters: ['state'],
  fields: fieldsOf(`
    number|证书编号|Number
    version|版本|Version|number
    kind|证书种类|Kind
    holderName|机构名称|Holder
    holderUscc|统一社会信用代码|USCC|uscc
    state|状态|State|choice|valid 有效 Valid; suspended 暂停 Suspended; superseded 已被替换 Superseded; expired 已过期 Expired; revoked 撤销 Revoked; forfeited 吊销 Forfeited; recalled 撤回 Recalled; cancelled 注销 Cancelled
    validFrom|发证日期|Valid from|date
    validTo|有效期至|Valid to|date
  `),
  children: [],
});
