import { defineRegister, fieldsOf } from '../register.ts';

/** Testing institutions: profile, sites, signatories, people, equipment, capabilities (CMA-2). Field ids are those of the application book. */
export const institution = defineRegister({
  id: 'institution',
  table: 'institution',
  title: { zh: '检验检测机构', en: 'Testing institutions' },
  unique: 'uscc',
  subject: 'id',
  updatedAt: 'updated_at',
  codes: ['uscc'],
  name: 'name',
  bigrams: true,
  list: ['name', 'uscc', 'division', 'contactName', 'contactMobile', 'admission'],
  filters: ['division', 'fieldCategory', 'admission'],
  fields: fieldsOf(`
    name|机构名称|Name
    uscc|统一社会信用代码|USCC|uscc
    independent|是否独立法人|Independent legal person|choice|yes 是 Yes; no 否 No
    legalCategory|法人类别|Legal-person category|choice|public 事业单位 Public institution; enterprise 企业 Enterprise; association 社会团体 Association; other 其他 Other
    fieldCategory|专业领域类别|Field category|choice|medicalProtective 医疗器械防护用品检验检测 Medical protective equipment; ecoMonitoring 生态环境监测 Ecological environment monitoring; vehicle 机动车检验 Motor vehicle inspection; waterQuality 水利水质检验 Water conservancy and water quality; foodAgri 食品农产品检验 Food and agricultural products; construction 建筑材料及工程 Building materials and works; marine 海洋监测 Marine monitoring; forensic 司法鉴定及公安刑事技术 Forensic examination; tank 常压液体危险货物罐体 Atmospheric tanks for dangerous liquids; carbon 碳排放核查 Carbon emission verification; ppe 个体防护装备 Personal protective equipment; other 其他 Other
    siteCharacter|场所特点|Character of the sites|check-list|fixed 固定 Fixed; temporary 临时 Temporary; mobile 可移动 Mobile; multi 多场所 Several sites
    division|行政区划|Division|division
    address|详细地址|Address
    postcode|邮编|Postcode
    phone|电话|Phone|phone
    fax|传真|Fax|phone
    email|电子邮箱|E-mail|email
    legalRepName|法定代表人|Legal representative
    legalRepPosition|法定代表人职务|Position of the legal representative
    legalRepLandline|法定代表人固定电话|Landline of the legal representative|phone
    legalRepMobile|法定代表人手机|Mobile of the legal representative|phone
    topManagerName|最高管理者|Top manager
    topManagerPosition|最高管理者职务|Position of the top manager
    topManagerLandline|最高管理者固定电话|Landline of the top manager|phone
    topManagerMobile|最高管理者手机|Mobile of the top manager|phone
    techDirectorName|技术负责人|Technical director
    techDirectorIdType|技术负责人证件类型|ID type of the technical director|choice|resident 居民身份证 Resident identity card; passport 护照 Passport; other 其他证件 Other document
    techDirectorIdNumber|技术负责人证件号码|ID number of the technical director|person-id
    techDirectorTitle|技术负责人职称|Title of the technical director|choice|senior 高级 Senior; intermediate 中级 Intermediate; junior 初级 Junior; equivalent 同等能力 Equivalent ability
    techDirectorEducation|技术负责人学历|Education of the technical director|choice|doctor 博士 Doctor; master 硕士 Master; bachelor 本科 Bachelor; college 大专 College; other 其他 Other
    techDirectorYears|技术负责人从业年限|Years of experience of the technical director|number
    techDirectorPosition|技术负责人职务|Position of the technical director
    techDirectorLandline|技术负责人固定电话|Landline of the technical director|phone
    techDirectorMobile|技术负责人手机|Mobile of the technical director|phone
    contactName|联系人|Contact
    contactPosition|联系人职务|Position of the contact
    contactLandline|联系人固定电话|Landline of the contact|phone
    contactMobile|联系人手机|Mobile of the contact|phone
    parentName|所属法人单位|Parent legal entity
    parentUscc|所属法人单位统一社会信用代码|USCC of the parent|uscc
    parentCategory|所属法人单位类别|Category of the parent|choice|public 事业单位 Public institution; enterprise 企业 Enterprise; association 社会团体 Association; other 其他 Other
    parentAddress|所属法人单位注册地址|Address of the parent
    parentFax|所属法人单位传真|Fax of the parent|phone
    parentEmail|所属法人单位邮箱|E-mail of the parent|email
    parentHeadName|所属法人单位负责人|Head of the parent
    parentHeadPosition|所属法人单位负责人职务|Position of the parent's head
    parentHeadPhone|所属法人单位负责人电话|Phone of the parent's head|phone
    deptName|主管部门|Competent department
    deptHeadName|主管部门负责人|Head of the department
    deptHeadPosition|主管部门负责人职务|Position of the department's head
    deptHeadPhone|主管部门负责人电话|Phone of the department's head|phone
    deptDivision|主管部门所在区划|Division of the department|division
    deptAddress|主管部门地址|Address of the department
    staffTotal|总人数|People in total|number
    staffSenior|高级职称人数|With senior title|number
    staffIntermediate|中级职称人数|With intermediate title|number
    staffJunior|初级职称人数|With junior title|number
    staffOther|其他人数|With other titles|number
    fixedAssets|固定资产原值|Original value of fixed assets|money
    instrumentCount|设备台套数|Number of instruments|number
    vehicleTypes|车型范围|Range of vehicle types
    equipOwnPct|设备自有比例|Equipment, own share|number
    equipRentPct|设备租用比例|Equipment, rented share|number
    equipJointPct|设备合资比例|Equipment, joint share|number
    premisesOwnPct|场所自有比例|Premises, own share|number
    premisesRentPct|场所租用比例|Premises, rented share|number
    premisesOtherPct|场所其他比例|Premises, other share|number
    areaTotal|总面积|Total area|number
    areaTesting|检测场地面积|Testing area|number
    areaConstantTemp|恒温面积|Constant-temperature area|number
    areaOutdoor|户外检测面积|Outdoor testing area|number
    admission|准入状态|Admission|choice|admitted 已准入 Admitted; removed 已移出 Removed|by-cases
    admissionOn|准入状态日期|Admission since|date||by-cases
    admissionReason|准入状态事由|Reason of the admission state|||by-cases
    admissionCase|准入状态办件|Case of the admission state|||by-cases
  `),
  children: [
    {
      id: 'sites',
      table: 'institution_site',
      label: { zh: '场所', en: 'Sites' },
      key: ['code'],
      fields: fieldsOf(`
        code|场所编号|Code
        name|场所名称|Name
        division|行政区划|Division|division
        address|详细地址|Address
        siteType|场所类型|Type|choice|fixed 固定 Fixed; temporary 临时 Temporary; mobile 可移动 Mobile
        ownership|产权|Ownership|choice|own 自有 Own; rented 租用 Rented; other 其他 Other
        leaseFrom|租期自|Lease from|date
        leaseUntil|租期至|Lease until|date
        area|面积|Area|number
        contactName|联系人|Contact
        contactLandline|固定电话|Landline|phone
        contactMobile|手机|Mobile|phone
        email|邮箱|E-mail|email
      `),
    },
    {
      id: 'signatories',
      table: 'institution_signatory',
      label: { zh: '授权签字人', en: 'Authorised signatories' },
      key: ['name', 'scope', 'site'],
      fields: fieldsOf(`
        name|姓名|Name
        gender|性别|Gender|choice|female 女 Female; male 男 Male
        birthMonth|出生年月|Month of birth|month
        position|职务|Position
        title|职称|Title|choice|senior 高级 Senior; intermediate 中级 Intermediate; junior 初级 Junior; equivalent 同等能力 Equivalent ability; other 其他 Other
        education|文化程度|Education|choice|doctor 博士 Doctor; master 硕士 Master; bachelor 本科 Bachelor; college 大专 College; other 其他 Other
        department|部门|Department
        phone|电话|Phone|phone
        email|邮箱|E-mail|email
        signField|申请授权签字领域|Field of signing
        scope|食品/非食品|Food or other|choice|food 食品 Food; nonFood 非食品 Other than food
        site|场所|Site
        graduation|毕业院校、专业和时间|Graduation
        experience|工作经历|Experience
        years|从业年限|Years|number
        note|备注|Note
        approvedCase|批准办件|Approved in case|||case
        approvedOn|批准日期|Approved on|date||by-cases
        certificate|证书编号|Certificate|||by-cases
      `),
    },
    {
      id: 'people',
      table: 'institution_person',
      label: { zh: '检验检测人员', en: 'People' },
      key: ['name', 'department', 'birthYear'],
      fields: fieldsOf(`
        name|姓名|Name
        gender|性别|Gender|choice|female 女 Female; male 男 Male
        birthYear|出生年份|Year of birth|number
        education|文化程度|Education|choice|doctor 博士 Doctor; master 硕士 Master; bachelor 本科 Bachelor; college 大专 College; other 其他 Other
        position|职务（岗位）|Position
        title|职称|Title|choice|senior 高级 Senior; intermediate 中级 Intermediate; junior 初级 Junior; equivalent 同等能力 Equivalent ability; other 其他 Other
        major|所学专业|Major
        years|从事本技术领域年限|Years in the field|number
        department|现在部门岗位|Department
      `),
    },
    {
      id: 'equipment',
      table: 'institution_equipment',
      label: { zh: '仪器设备', en: 'Equipment' },
      key: ['code'],
      fields: fieldsOf(`
        code|设备编号|Code
        name|名称|Name
        model|型号/规格/等级|Model
        range|测量范围|Range
        accuracy|准确度|Accuracy
        traceability|溯源方式|Traceability|choice|verification 检定 Verification; calibration 校准 Calibration; internal 内部校准 Internal calibration
        validUntil|有效日期|Valid until|date
        confirmed|确认结果|Confirmed|choice|yes 符合 Conform; no 不符合 Not conform
        site|场所|Site
      `),
    },
    {
      id: 'capabilities',
      table: 'institution_capability',
      label: { zh: '检验检测能力', en: 'Capabilities' },
      key: ['site', 'object', 'parameter', 'standardNo'],
      fields: fieldsOf(`
        site|场所|Site
        scope|食品/非食品|Food or other|choice|food 食品 Food; nonFood 非食品 Other than food
        field|领域|Field
        category|类别|Category
        object|产品/项目|Object
        parameter|参数|Parameter
        standardName|标准（方法）名称|Name of the standard
        standardNo|标准编号（含年号）|Number of the standard|standard-no
        limits|限制范围|Limits
        equipment|仪器设备|Equipment
        methodKind|方法类型|Kind of method|choice|standard 标准方法 Standard method; nonStandard 非标准方法 Non-standard method
        note|说明|Note
        approvedCase|批准办件|Approved in case|||case
        approvedOn|批准日期|Approved on|date||by-cases
        certificate|证书编号|Certificate|||by-cases
      `),
    },
  ],
});
