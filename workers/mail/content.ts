import type { RefusableMail } from '../../domain/values/mail-kinds.ts';

/** What is written, and why. */
export type MailKind = RefusableMail | 'invitation' | 'verification';

/** A mail in words, before it has a look. All of it is plain text: the layout escapes it. */
export interface MailContent {
  subject: string;
  /** Shown beside the subject in a list of mails. */
  preview: string;
  heading: string;
  paragraphs: readonly string[];
  /** The one thing to take away, set apart. */
  highlight?: {
    label: string;
    value: string;
    note?: string | undefined;
    /** Whether it is to be typed in somewhere. */
    isCode?: boolean;
  };
  rows?: readonly { label: string; value: string; change?: string | undefined }[];
  button?: { label: string; url: string } | undefined;
  closing?: string;
  /** Why it came to whoever reads it. */
  why: string;
}

/** What stands around a mail. */
export interface MailFrame {
  /** BCP 47. */
  language: string;
  /** Who writes. */
  brand: string;
  /** `#rrggbb` */
  colour: string;
  /** In the place of its name; width and height in pixels of a page. */
  logo: { url: string; width: number; height: number } | null;
  unsubscribe?: { label: string; url: string } | undefined;
}

/** A mail as it is sent. */
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}
