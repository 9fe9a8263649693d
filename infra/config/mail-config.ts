import { z } from 'zod';
import { base64Key, fileSettings, parse } from './config.ts';

const url = z.url({ protocol: /^https?$/ });
/** Without the slash at the end, for paths follow. */
const base = url.transform((text) => text.replace(/\/+$/, ''));

const shared = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  MAILER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** What links in mails are signed with and addresses remembered by; the same as the edge's. */
  CONTACT_SEALING_KEY: base64Key,
};

const mailSchema = z
  .object({
    ...shared,
    ...fileSettings,
    AWS_REGION: z.string().default('eu-west-1'),
    /** Whom mail is from; SES has verified its domain. */
    MAIL_FROM: z.email(),
    /** SES's configuration set, which tells the function feedback of what becomes of mail. */
    SES_CONFIGURATION_SET: z.string().min(1).optional(),
    /** A stand-in for SES. */
    SES_ENDPOINT: url.optional(),
    /** Where the API is, for the links that end mail. */
    PUBLIC_API_URL: base,
    /** Where the apps are, for what buttons open. */
    CUSTOMER_APP_URL: base,
    STAFF_APP_URL: base,
  })
  .superRefine((config, context) => {
    if (config.NODE_ENV !== 'production') return;
    const refuse = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (config.SES_ENDPOINT !== undefined) {
      refuse('SES_ENDPOINT', 'must not be set in production: a stand-in sends nothing');
    }
    if (config.SES_CONFIGURATION_SET === undefined) {
      refuse('SES_CONFIGURATION_SET', 'must be set: without it nobody hears of bounces');
    }
  });

const feedbackSchema = z
  .object({
    ...shared,
    /** The topic in which SES tells of mail. */
    MAIL_FEEDBACK_TOPIC_ARN: z.string().regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/),
    /** Where a stand-in serves the certificates that SNS signs with. */
    SNS_CERTIFICATE_ENDPOINT: url.optional(),
  })
  .superRefine((config, context) => {
    if (config.NODE_ENV !== 'production' || config.SNS_CERTIFICATE_ENDPOINT === undefined) return;
    const message = 'must not be set in production: whoever serves them may tell us anything';
    context.addIssue({ code: 'custom', path: ['SNS_CERTIFICATE_ENDPOINT'], message });
  });

export type MailConfig = z.output<typeof mailSchema>;
export type FeedbackConfig = z.output<typeof feedbackSchema>;

/**
 * The settings of the function email; undefined where nobody is written to, which production cannot
 * choose. @throws ConfigError naming every variable that is wrong
 */
export function readMailConfig(env: NodeJS.ProcessEnv): MailConfig | undefined {
  return isLeftOut(env, 'MAIL_FROM') ? undefined : parse(mailSchema, env);
}

/** The same of the function feedback. @throws ConfigError naming every variable that is wrong */
export function readFeedbackConfig(env: NodeJS.ProcessEnv): FeedbackConfig | undefined {
  return isLeftOut(env, 'MAIL_FEEDBACK_TOPIC_ARN') ? undefined : parse(feedbackSchema, env);
}

function isLeftOut(env: NodeJS.ProcessEnv, name: string): boolean {
  return env[name] === undefined && (env['NODE_ENV'] ?? 'production') !== 'production';
}
