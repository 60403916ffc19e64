/**
 * A fault in something that a person wrote. Issues are data: functions return them, nobody throws them, and all of a
 * document's issues are reported together.
 */
export interface Issue {
  /** Where in the document: `spec.realServers[2].weight`; empty for the document as a whole. */
  readonly path: string;
  readonly reason: IssueReason;
  /** One sentence: what was expected, what was found, and a suggestion where there is one. */
  readonly message: string;
  /** Absent where the input has no text, such as an object made by a program. */
  readonly location?: SourceLocation;
  /** The document's `Kind namespace/name`, where it got far enough to have one. */
  readonly object?: string;
}

export interface SourceLocation {
  readonly file: string;
  /** Counted from 1; 0 where the file as a whole is meant. */
  readonly line: number;
  /** Counted from 1; 0 where the line as a whole is meant. */
  readonly column: number;
}

export type IssueReason =
  /** The file cannot be read, is too large, or is not text. */
  | 'Unreadable'
  /** Not YAML, or YAML that this program refuses: aliases that explode, duplicate keys, tags. */
  | 'Syntax'
  /** A field that the schema does not know. */
  | 'UnknownField'
  /** A required field is absent. */
  | 'Missing'
  | 'WrongType'
  /** The type is right, the value is not: range, pattern, canonical form. */
  | 'InvalidValue'
  /** Two elements of a list, or two documents, share a key that must be unique. */
  | 'Duplicate'
  /** Fields that are right by themselves and contradict each other. */
  | 'Inconsistent'
  /** Two objects claim one kernel service. */
  | 'Conflict'
  /** Beyond what the Director allows. */
  | 'NotAllowed';
