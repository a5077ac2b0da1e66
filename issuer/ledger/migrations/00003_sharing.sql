-- +goose Up

-- What one share link shows beyond the award itself is decided for it alone.
ALTER TABLE share ADD COLUMN score BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE share ADD COLUMN evidence BOOLEAN NOT NULL DEFAULT FALSE;

-- A handle that an account gave up is kept for it for a while: who follows an
-- old address must not meet a stranger who took the name.
CREATE TABLE former_handle (
    handle    TEXT   NOT NULL PRIMARY KEY,
    account   TEXT   NOT NULL REFERENCES account (id),
    freed_at  BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX former_handle_account ON former_handle (account);
