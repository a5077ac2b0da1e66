-- +goose Up

CREATE TABLE account (
    id                 TEXT    NOT NULL PRIMARY KEY,
    handle             TEXT    UNIQUE,
    name               TEXT    NOT NULL,
    headline           TEXT    NOT NULL,
    language           TEXT    NOT NULL,
    time_zone          TEXT    NOT NULL,
    picture            TEXT    NOT NULL,
    profile_public     BOOLEAN NOT NULL,
    default_visibility TEXT    NOT NULL,
    auto_accept        BOOLEAN NOT NULL,
    created_at         BIGINT  NOT NULL,
    closed_at          BIGINT,
    version            BIGINT  NOT NULL
) /*clustered*/;

-- Apart from the account, whose rows are read with every request.
CREATE TABLE account_picture (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account (id),
    png     BLOB NOT NULL
);

CREATE TABLE account_address (
    folded     TEXT    NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL REFERENCES account (id),
    address    TEXT    NOT NULL,
    proven_at  BIGINT  NOT NULL,
    is_primary BOOLEAN NOT NULL
) /*clustered*/;
CREATE INDEX account_address_account ON account_address (account);
CREATE UNIQUE INDEX account_address_primary ON account_address (account) WHERE is_primary;

-- A candidate is one person and has one account at most.
CREATE TABLE account_candidate (
    candidate TEXT   NOT NULL PRIMARY KEY REFERENCES candidate (id),
    account   TEXT   NOT NULL REFERENCES account (id),
    linked_at BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX account_candidate_account ON account_candidate (account);

CREATE TABLE challenge (
    id         TEXT   NOT NULL PRIMARY KEY,
    hash       TEXT   UNIQUE,
    code_hash  TEXT   NOT NULL,
    purpose    TEXT   NOT NULL,
    account    TEXT   REFERENCES account (id),
    address    TEXT   NOT NULL,
    folded     TEXT   NOT NULL,
    award      TEXT   REFERENCES award (id),
    data       TEXT   NOT NULL,
    attempts   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
) /*clustered*/;
CREATE INDEX challenge_folded ON challenge (folded, created_at);
CREATE INDEX challenge_account ON challenge (account) WHERE account IS NOT NULL;
CREATE INDEX challenge_award ON challenge (award) WHERE award IS NOT NULL;
CREATE INDEX challenge_age ON challenge (expires_at);

CREATE TABLE account_session (
    hash       TEXT   NOT NULL PRIMARY KEY,
    account    TEXT   REFERENCES account (id),
    data       BLOB   NOT NULL,
    agent      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_session_account ON account_session (account) WHERE account IS NOT NULL;
CREATE INDEX account_session_age ON account_session (expires_at);

CREATE TABLE passkey (
    id           TEXT   NOT NULL PRIMARY KEY,
    account      TEXT   NOT NULL REFERENCES account (id),
    name         TEXT   NOT NULL,
    data         TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkey_account ON passkey (account);

CREATE TABLE identity (
    provider   TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    account    TEXT   NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider, subject)
) /*clustered*/;
CREATE INDEX identity_account ON identity (account);

CREATE TABLE account_auto_accept (
    account    TEXT   NOT NULL REFERENCES account (id),
    issuer     TEXT   NOT NULL REFERENCES issuer (slug),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account, issuer)
) /*clustered*/;

-- The owner of an award is null until it is claimed. Its address is folded here
-- as it was when the candidate's addresses were recorded.
ALTER TABLE award ADD COLUMN account TEXT REFERENCES account (id);
ALTER TABLE award ADD COLUMN folded TEXT NOT NULL DEFAULT '';
ALTER TABLE award ADD COLUMN remind_at BIGINT;
ALTER TABLE award ADD COLUMN reminders BIGINT NOT NULL DEFAULT 0;
UPDATE award SET folded = coalesce(
    (SELECT min(a.folded) FROM address a WHERE a.candidate = award.candidate AND a.address = award.address),
    (SELECT min(a.folded) FROM address a WHERE a.candidate = award.candidate AND lower(a.address) = lower(award.address)),
    lower(address));
CREATE INDEX award_account ON award (account, attained_at, id) WHERE account IS NOT NULL;
CREATE INDEX award_folded ON award (folded, id);
CREATE INDEX award_remind ON award (remind_at, id) WHERE remind_at IS NOT NULL;

CREATE TABLE share (
    id           TEXT   NOT NULL PRIMARY KEY,
    hash         TEXT   NOT NULL UNIQUE,
    account      TEXT   NOT NULL REFERENCES account (id),
    award        TEXT   NOT NULL REFERENCES award (id),
    label        TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    revoked_at   BIGINT,
    views        BIGINT NOT NULL,
    last_view_at BIGINT
);
CREATE INDEX share_award ON share (award, created_at, id);
CREATE INDEX share_account ON share (account);

CREATE TABLE collection (
    id          TEXT    NOT NULL PRIMARY KEY,
    account     TEXT    NOT NULL REFERENCES account (id),
    slug        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    is_public   BOOLEAN NOT NULL,
    position    BIGINT  NOT NULL,
    created_at  BIGINT  NOT NULL
);
CREATE UNIQUE INDEX collection_slug ON collection (account, slug);

CREATE TABLE collection_item (
    collection TEXT   NOT NULL REFERENCES collection (id),
    award      TEXT   NOT NULL REFERENCES award (id),
    position   BIGINT NOT NULL,
    PRIMARY KEY (collection, award)
) /*clustered*/;
CREATE INDEX collection_item_award ON collection_item (award);

CREATE TABLE profile_item (
    award    TEXT    NOT NULL PRIMARY KEY REFERENCES award (id),
    account  TEXT    NOT NULL REFERENCES account (id),
    position BIGINT  NOT NULL,
    hidden   BOOLEAN NOT NULL
) /*clustered*/;
CREATE INDEX profile_item_account ON profile_item (account);

CREATE TABLE disclosure (
    award    TEXT    NOT NULL PRIMARY KEY REFERENCES award (id),
    score    BOOLEAN NOT NULL,
    evidence BOOLEAN NOT NULL
) /*clustered*/;

CREATE TABLE name_request (
    id         TEXT    NOT NULL PRIMARY KEY,
    award      TEXT    NOT NULL REFERENCES award (id),
    account    TEXT    NOT NULL REFERENCES account (id),
    issuer     TEXT    NOT NULL REFERENCES issuer (slug),
    name       TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    decided_at BIGINT,
    accepted   BOOLEAN NOT NULL,
    reason     TEXT    NOT NULL
);
CREATE UNIQUE INDEX name_request_open ON name_request (award) WHERE decided_at IS NULL;
CREATE INDEX name_request_issuer ON name_request (issuer, created_at, id);
CREATE INDEX name_request_account ON name_request (account);
CREATE INDEX name_request_award ON name_request (award);

CREATE TABLE account_merge (
    id           TEXT   NOT NULL PRIMARY KEY,
    from_account TEXT   NOT NULL REFERENCES account (id),
    into_account TEXT   NOT NULL REFERENCES account (id),
    data         TEXT   NOT NULL,
    merged_at    BIGINT NOT NULL,
    undo_until   BIGINT NOT NULL,
    undone_at    BIGINT
);
CREATE INDEX account_merge_from ON account_merge (from_account);
CREATE INDEX account_merge_into ON account_merge (into_account);

CREATE TABLE suppression (
    folded     TEXT   NOT NULL,
    issuer     TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (folded, issuer, kind)
) /*clustered*/;

-- A mail may be about an account or an address and no award at all, and the one
-- about an award may go out again, as the next in number.
ALTER TABLE mail ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mail ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN challenge TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN data TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN bounced_at BIGINT;
ALTER TABLE mail ADD COLUMN bounce_reason TEXT NOT NULL DEFAULT '';
DROP INDEX mail_occasion;
CREATE UNIQUE INDEX mail_occasion ON mail (award, kind, edition, number) WHERE award <> '';
CREATE INDEX mail_message ON mail (message_id);
CREATE INDEX mail_account ON mail (account) WHERE account <> '';
