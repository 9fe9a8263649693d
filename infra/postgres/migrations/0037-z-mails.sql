-- What was sent and what was announced is kept as long as it may be told of again, and then forgotten.
CREATE INDEX mails_claimed ON business.mails (business_id, claimed_at);
CREATE INDEX announcements_announced ON loyalty.announcements (business_id, announced_at);
GRANT DELETE ON business.mails, loyalty.announcements TO regulars_worker;

-- A week's mail leads to the week's report, where one was made.
GRANT SELECT (business_id, id, week) ON business.reports TO regulars_mailer;
