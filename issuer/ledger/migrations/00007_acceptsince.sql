-- +goose Up

-- An account accepts by itself what is awarded after it said so.
ALTER TABLE account ADD COLUMN auto_accept_since BIGINT;
UPDATE account SET auto_accept_since = created_at WHERE auto_accept;
ALTER TABLE account DROP COLUMN auto_accept;
