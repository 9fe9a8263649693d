-- Mail tells what is missing to keep a level; where that is money, in the program's currency.
GRANT SELECT (currency) ON loyalty.programs TO regulars_mailer;

-- Who wanted no mail at all wants none of the new kind either.
SELECT set_config('app.business', coalesce(string_agg(id::text, ','), ''), true)
  FROM app.list_businesses('00000000-0000-0000-0000-000000000000', 2147483647) AS id;
UPDATE customer.customers SET consents = consents || '{"emailLevels": false}'
 WHERE consents @> '{"emailWelcome": false, "emailRewards": false, "emailExpiry": false}';
