-- Uses of promotions follow a customer who is merged, so that their limits count both; the card that
-- a use was on stays written, and tells whose it was when the merge is taken back.
GRANT UPDATE (customer_id) ON loyalty.promotion_uses TO regulars_worker;

-- Lists of who did what are read by what was done.
CREATE INDEX audit_log_action ON business.audit_log (business_id, action, id);
