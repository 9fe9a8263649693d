import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ConsoleMessageSender } from 'cognito-local/lib/services/messageDelivery/consoleMessageSender.js';
import { MessagesService } from 'cognito-local/lib/services/messages.js';
import type { CustomMessageEvent } from '../../../workers/lambdas/custom-message/event.ts';

type Write = (event: CustomMessageEvent) => Promise<CustomMessageEvent>;

/** What its method `create` is given; it is not among its types. */
type Asked = readonly [
  context: unknown,
  source: string,
  clientId: string | null,
  userPoolId: string,
  user: { Attributes: readonly { Name: string; Value?: string }[] },
  code: string,
  clientMetadata: Readonly<Record<string, string>> | undefined,
];

const CODE = '{####}';

/**
 * Lets cognito-local write its mails by our trigger, and send them by way of SES as a pool does,
 * instead of drawing them into its log.
 */
export function sendLettersBy(options: { write: Write; sesEndpoint: string; from: string }): void {
  const ses = new SESv2Client({
    region: 'eu-west-1',
    endpoint: options.sesEndpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

  const create = async (...[, source, , , user, code, clientMetadata]: Asked) => {
    const userAttributes = Object.fromEntries(
      user.Attributes.map(({ Name, Value }) => [Name, Value]),
    );
    const { response } = await options.write({
      triggerSource: `CustomMessage_${source}`,
      request: { userAttributes, codeParameter: CODE, clientMetadata: clientMetadata ?? null },
      response: {},
    });
    return {
      __code: code,
      emailSubject: response.emailSubject ?? 'Your code',
      emailMessage: (response.emailMessage ?? CODE).replaceAll(CODE, code),
    };
  };
  Object.assign(MessagesService.prototype, { create });

  ConsoleMessageSender.prototype.sendEmail = async (_context, _user, destination, message) => {
    await ses.send(
      new SendEmailCommand({
        FromEmailAddress: options.from,
        Destination: { ToAddresses: [destination] },
        Content: {
          Simple: {
            Subject: { Data: message.emailSubject ?? '' },
            Body: { Html: { Data: message.emailMessage ?? '' } },
          },
        },
      }),
    );
  };
}
