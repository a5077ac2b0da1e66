-- +goose Up

-- Badges of whose end their earners are told.
CREATE INDEX award_expires ON award (expires_at, id) WHERE account IS NOT NULL AND expires_at IS NOT NULL;

-- When the owner of an address was last known to read it, or asked.
ALTER TABLE account_address ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
UPDATE account_address SET seen_at = proven_at;
CREATE INDEX mail_challenge ON mail (challenge) WHERE challenge <> '';
CREATE INDEX account_address_seen ON account_address (seen_at, folded);
