-- +goose Up

-- What is not needed to claim an award is forgotten when nobody claims it: when, as
-- its earner was told, and when it was done.
ALTER TABLE award ADD COLUMN minimise_at BIGINT;
ALTER TABLE award ADD COLUMN minimised_at BIGINT;
CREATE INDEX award_minimise ON award (minimise_at, id) WHERE minimise_at IS NOT NULL AND minimised_at IS NULL;
