-- +goose Up

-- Of an award whose earner had their data erased, its place in the status list
-- and what was said of it there stay.
ALTER TABLE award ADD COLUMN erased_at BIGINT;
