/** The answers of the api, typed from the schemas of `contracts/api`. */
import type { z } from 'zod';
import type * as contract from '../../../contracts/api/index.ts';

type Of<K extends keyof typeof contract> = (typeof contract)[K] extends z.ZodType
  ? z.infer<(typeof contract)[K]>
  : never;

export type AbsenceRow = Of<'AbsenceRow'>;
export type AbsenceList = Of<'AbsenceList'>;
export type AbsencePeople = Of<'AbsencePeople'>;
export type ArchivePage = Of<'ArchivePage'>;
export type CallPage = Of<'CallPage'>;
export type Manual = Of<'Manual'>;
export type ManualId = Of<'ManualId'>;
export type ManualList = Of<'ManualList'>;
export type Me = Of<'Me'>;
export type MessageRow = Of<'MessageRow'>;
export type MessagePage = Of<'MessagePage'>;
export type Offer = Of<'Offer'>;
export type Pin = Of<'Pin'>;
export type ClockView = Of<'ClockView'>;
export type InboxRow = Of<'InboxRow'>;
export type InboxPage = Of<'InboxPage'>;
export type InboxCounts = Of<'InboxCounts'>;
export type DoneRow = Of<'DoneRow'>;
export type CaseListRow = Of<'CaseListRow'>;
export type CaseListPage = Of<'CaseListPage'>;
export type ListCounts = Of<'ListCounts'>;
export type ListName = Of<'ListName'>;
export type SavedFilter = Of<'SavedFilter'>;
export type Migration = Of<'Migration'>;
export type OutdatedCase = Of<'OutdatedCase'>;
export type OutdatedCasePage = Of<'OutdatedCasePage'>;
export type CaseRow = Of<'CaseRow'>;
export type Presence = Of<'Presence'>;
export type CasePage = Of<'CasePage'>;
export type CaseView = Of<'CaseView'>;
export type AnswersView = Of<'AnswersView'>;
export type TaskPeople = Of<'TaskPeople'>;
export type TaskView = Of<'TaskView'>;
export type TimelineEntry = Of<'TimelineEntry'>;
export type DocumentView = Of<'DocumentView'>;
export type ServiceView = Of<'ServiceView'>;
export type Signings = Of<'Signings'>;
export type SigningView = Of<'SigningView'>;
export type SigningAsked = Of<'SigningAsked'>;
export type SigningPage = Of<'SigningPage'>;
export type SignAnswer = Of<'SignAnswer'>;
export type MaterialItem = Of<'MaterialItem'>;
export type MaterialFile = Of<'MaterialFile'>;
export type SettingView = Of<'SettingView'>;
export type SettingsView = Of<'SettingsView'>;
export type SettingHistory = Of<'SettingHistory'>;
export type StepState = Of<'StepState'>;
export type FlowDrawing = Of<'FlowDrawing'>;
export type CaseChanges = Of<'CaseChanges'>;
export type RegisterNames = Of<'RegisterNames'>;
export type RegisterPage = Of<'RegisterPage'>;
export type RegisterItemView = Of<'RegisterItemView'>;
export type RegisterRowPage = Of<'RegisterRowPage'>;
export type RegisterHistory = Of<'RegisterHistory'>;
export type RegisterChange = Of<'RegisterChange'>;
export type RegisterDraft = Of<'RegisterDraft'>;
export type RegisterImport = Of<'RegisterImport'>;
export type PublicProgress = Of<'PublicProgress'>;
export type EvaluationView = Of<'EvaluationView'>;
export type EvaluationCounts = Of<'EvaluationCounts'>;
export type CertificateCard = Of<'CertificateCard'>;
export type ExitView = Of<'ExitView'>;
export type Exits = Of<'Exits'>;
export type ReturnTarget = Of<'ReturnTarget'>;
export type OpinionAnswer = Of<'OpinionAnswer'>;
export type IncidentRow = Of<'IncidentRow'>;
export type IncidentPage = Of<'IncidentPage'>;
export type OfficeRow = Of<'OfficeRow'>;
export type OfficeList = Of<'OfficeList'>;
export type RoleList = Of<'RoleList'>;
export type PersonPage = Of<'PersonPage'>;
export type PersonView = Of<'PersonView'>;
export type CalendarView = Of<'CalendarView'>;
export type CalendarYearView = Of<'CalendarYearView'>;
export type DecideBody = z.input<typeof contract.DecideBody>;
export type DecideAnswer = Of<'DecideAnswer'>;
export type FormView = Of<'FormView'>;
export type Row = Of<'Row'>;
export type RowPage = Of<'RowPage'>;
export type Finding = Of<'Finding'>;
export type NewerForm = Of<'NewerForm'>;

/** A text in both languages, as the server says it. */
export interface Said {
  zh: string;
  en: string;
}
export type PublishedPage = Of<'PublishedPage'>;
export type PublishedEntry = Of<'PublishedEntry'>;
export type PublicationRow = Of<'PublicationRow'>;
export type PublicationPage = Of<'PublicationPage'>;
