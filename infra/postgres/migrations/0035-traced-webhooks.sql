-- The trace of what a delivery tells of, so that its attempts are part of it.
ALTER TABLE business.webhook_deliveries ADD COLUMN traceparent text;
