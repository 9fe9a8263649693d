-- A customer who wants to be forgotten. Amounts stay, under an id that means nobody; what was written
-- about the person goes, also where it stands in the books: the reason of an adjustment may name them.

CREATE FUNCTION loyalty.refuse_edit_but_erasure() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) - 'receipt' - 'outcome' <> to_jsonb(NEW) - 'receipt' - 'outcome'
     OR NOT EXISTS (SELECT FROM customer.customers c
                     WHERE c.business_id = OLD.business_id AND c.id = OLD.customer_id
                       AND c.erased_at IS NOT NULL) THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER transactions_append_only ON loyalty.transactions;
CREATE TRIGGER transactions_append_only
  BEFORE DELETE OR TRUNCATE ON loyalty.transactions
  FOR EACH STATEMENT EXECUTE FUNCTION loyalty.refuse_edit();
-- Texts about an erased customer, and nothing else, may be changed.
CREATE TRIGGER transactions_erasable
  BEFORE UPDATE ON loyalty.transactions
  FOR EACH ROW EXECUTE FUNCTION loyalty.refuse_edit_but_erasure();

GRANT UPDATE (receipt, outcome) ON loyalty.transactions TO regulars_worker;
GRANT UPDATE (principal_id, detail) ON business.audit_log TO regulars_worker;
GRANT UPDATE (payload) ON business.approvals TO regulars_worker;
