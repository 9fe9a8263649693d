import type { EmfName } from './emf.ts';

/** A condition that somebody is told of. */
export interface Alarm {
  /** What the mail says. */
  says: string;
  /** `page`: now, at night as well; `ticket`: on the next working day. */
  urgency: 'page' | 'ticket';
  /** Over one of our own series, or over one that AWS tells of its services. */
  metric: { namespace: 'Regulars'; name: EmfName } | { namespace: 'AWS/SQS'; name: string };
  statistic: 'Sum' | 'Maximum';
  /** Rings above this. */
  threshold: number;
  periodSeconds: number;
  /** Periods on end. */
  periods: number;
  /** What silence means. A process that is gone says nothing, and must not be taken for a quiet one. */
  silence: 'breaching' | 'notBreaching';
  /** The same for those who run Prometheus. */
  prometheus: string;
}

/**
 * Every alarm there is, at most ten: so many CloudWatch gives away. The cloud stack makes them from this
 * table; each has a heading of its name in RUNBOOK.md, and a test says so when it has not.
 */
export const alarms = {
  'sales-refused': {
    says: 'The edge answers with errors of its own',
    urgency: 'page',
    metric: { namespace: 'Regulars', name: 'RequestErrors' },
    statistic: 'Sum',
    threshold: 5,
    periodSeconds: 60,
    periods: 3,
    silence: 'breaching',
    prometheus: 'sum(increase(regulars_http_requests_total{status=~"5.."}[1m])) > 5',
  },
  'posts-slow': {
    says: 'Tills wait longer than a second for their 202',
    urgency: 'ticket',
    metric: { namespace: 'Regulars', name: 'PostSecondsP99' },
    statistic: 'Maximum',
    threshold: 1,
    periodSeconds: 60,
    periods: 5,
    silence: 'notBreaching',
    prometheus:
      'histogram_quantile(0.99, sum by (le) (rate(regulars_http_request_duration_seconds_bucket{route="record-purchase"}[1m]))) > 1',
  },
  'queue-behind': {
    says: 'Sales wait in their queue: no worker takes them, or too few do',
    urgency: 'page',
    metric: { namespace: 'Regulars', name: 'QueueOldestSeconds' },
    statistic: 'Maximum',
    threshold: 60,
    periodSeconds: 60,
    periods: 3,
    silence: 'breaching',
    prometheus: 'max(regulars_queue_oldest_job_age_seconds) > 60',
  },
  'jobs-parked': {
    says: 'Jobs have used up their tries and wait for somebody',
    urgency: 'ticket',
    metric: { namespace: 'Regulars', name: 'JobsParked' },
    statistic: 'Sum',
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    silence: 'notBreaching',
    prometheus: 'sum(increase(regulars_job_trouble_total{kind="parked"}[5m])) > 0',
  },
  'outbox-behind': {
    says: 'Committed facts do not leave: no e-mail, no webhook, no screen is told',
    urgency: 'page',
    metric: { namespace: 'Regulars', name: 'OutboxOldestSeconds' },
    statistic: 'Maximum',
    threshold: 300,
    periodSeconds: 60,
    periods: 3,
    silence: 'breaching',
    prometheus: 'max(regulars_outbox_oldest_age_seconds) > 300',
  },
  'books-differ': {
    says: 'A card’s balance is not what its postings add up to',
    urgency: 'page',
    metric: { namespace: 'Regulars', name: 'LedgerDifferences' },
    statistic: 'Sum',
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    silence: 'notBreaching',
    prometheus: 'sum(increase(regulars_ledger_differences_total[5m])) > 0',
  },
  'webhooks-failing': {
    says: 'Nearly no webhook arrives, whoever’s: the fault is on our side',
    urgency: 'ticket',
    metric: { namespace: 'Regulars', name: 'WebhookFailureRatio' },
    statistic: 'Maximum',
    threshold: 0.9,
    periodSeconds: 60,
    periods: 5,
    silence: 'notBreaching',
    prometheus:
      '1 - sum(rate(regulars_webhook_tries_total{result="arrived"}[5m])) / sum(rate(regulars_webhook_tries_total[5m])) > 0.9 and sum(increase(regulars_webhook_tries_total[5m])) > 20',
  },
  'dead-letters': {
    says: 'An e-mail or analytics message failed five times and waits to be looked at',
    urgency: 'ticket',
    metric: { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' },
    statistic: 'Maximum',
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    silence: 'notBreaching',
    // Under the name that yet-another-cloudwatch-exporter gives it.
    prometheus:
      'max(aws_sqs_approximate_number_of_messages_visible_maximum{dimension_QueueName=~".*-dlq"}) > 0',
  },
  'redis-full': {
    says: 'Redis is nearly full; when it is, no sale is taken',
    urgency: 'page',
    metric: { namespace: 'Regulars', name: 'RedisMemoryRatio' },
    statistic: 'Maximum',
    threshold: 0.8,
    periodSeconds: 60,
    periods: 5,
    silence: 'breaching',
    prometheus: 'max(regulars_redis_memory_used_ratio) > 0.8',
  },
  'guessing-suspected': {
    says: 'Somebody asks for one code after the other that nobody has',
    urgency: 'ticket',
    metric: { namespace: 'Regulars', name: 'GuessingSuspected' },
    statistic: 'Sum',
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    silence: 'notBreaching',
    prometheus: 'sum(increase(regulars_guessing_suspected_total[5m])) > 0',
  },
} as const satisfies Record<string, Alarm>;
