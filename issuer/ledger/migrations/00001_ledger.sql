-- +goose Up

-- One text for SQLite and PostgreSQL: BLOB becomes BYTEA on PostgreSQL, and
-- /*clustered*/ becomes WITHOUT ROWID on SQLite. Instants are microseconds since
-- 1970, UTC.

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) /*clustered*/;

CREATE TABLE issuer (
    slug        TEXT   NOT NULL PRIMARY KEY,
    id          TEXT   NOT NULL UNIQUE,
    name        TEXT   NOT NULL,
    url         TEXT   NOT NULL,
    email       TEXT   NOT NULL,
    description TEXT   NOT NULL,
    colour      TEXT   NOT NULL,
    settings    TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE signing_key (
    id             TEXT   NOT NULL PRIMARY KEY,
    issuer         TEXT   NOT NULL REFERENCES issuer (slug),
    algorithm      TEXT   NOT NULL,
    name           TEXT   NOT NULL UNIQUE,
    public         BLOB   NOT NULL,
    private        BLOB   NOT NULL,
    created_at     BIGINT NOT NULL,
    retired_at     BIGINT,
    compromised_at BIGINT
);
CREATE INDEX signing_key_issuer ON signing_key (issuer, created_at, id);

CREATE TABLE catalogue (
    issuer    TEXT   NOT NULL REFERENCES issuer (slug),
    number    BIGINT NOT NULL,
    sha256    TEXT   NOT NULL,
    source    BLOB   NOT NULL,
    loaded_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, number)
);

CREATE TABLE achievement (
    slug       TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    issuer     TEXT   NOT NULL REFERENCES issuer (slug),
    kind       TEXT   NOT NULL,
    code       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    data       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (slug, version)
);
CREATE UNIQUE INDEX achievement_code ON achievement (issuer, kind, code, version);

CREATE TABLE candidate (
    id          TEXT   NOT NULL PRIMARY KEY,
    issuer      TEXT   NOT NULL REFERENCES issuer (slug),
    number      TEXT,
    given_name  TEXT   NOT NULL,
    family_name TEXT   NOT NULL,
    locale      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
) /*clustered*/;
CREATE UNIQUE INDEX candidate_number ON candidate (issuer, number) WHERE number IS NOT NULL;

CREATE TABLE address (
    issuer     TEXT   NOT NULL,
    folded     TEXT   NOT NULL,
    candidate  TEXT   NOT NULL REFERENCES candidate (id),
    address    TEXT   NOT NULL,
    first_seen BIGINT NOT NULL,
    PRIMARY KEY (issuer, folded, candidate)
) /*clustered*/;
CREATE INDEX address_candidate ON address (candidate);

CREATE TABLE result (
    id          TEXT   NOT NULL PRIMARY KEY,
    issuer      TEXT   NOT NULL,
    provider    TEXT   NOT NULL,
    result_id   TEXT   NOT NULL,
    exam        TEXT   NOT NULL,
    taken_at    BIGINT NOT NULL,
    outcome     TEXT   NOT NULL,
    score       TEXT   NOT NULL,
    delivery    TEXT   NOT NULL,
    language    TEXT   NOT NULL,
    candidate   TEXT   NOT NULL REFERENCES candidate (id),
    recorded_at BIGINT NOT NULL,
    digest      TEXT   NOT NULL
) /*clustered*/;
CREATE UNIQUE INDEX result_report ON result (issuer, provider, result_id);
CREATE INDEX result_candidate ON result (candidate);

CREATE TABLE award (
    id                  TEXT   NOT NULL PRIMARY KEY,
    issuer              TEXT   NOT NULL,
    candidate           TEXT   NOT NULL REFERENCES candidate (id),
    achievement         TEXT   NOT NULL,
    achievement_version BIGINT NOT NULL,
    attained_at         BIGINT NOT NULL,
    expires_at          BIGINT,
    name                TEXT   NOT NULL,
    address             TEXT   NOT NULL,
    result              TEXT   NOT NULL,
    status_list         TEXT   NOT NULL,
    status_index        BIGINT NOT NULL,
    visibility          TEXT   NOT NULL,
    edition             BIGINT NOT NULL,
    claimed_at          BIGINT,
    declined_at         BIGINT,
    suspended_at        BIGINT,
    suspension_reason   TEXT   NOT NULL,
    revoked_at          BIGINT,
    revocation_reason   TEXT   NOT NULL,
    created_at          BIGINT NOT NULL,
    version             BIGINT NOT NULL
);
CREATE UNIQUE INDEX award_attainment ON award (candidate, achievement, attained_at);
CREATE INDEX award_recent ON award (issuer, created_at, id);
CREATE INDEX award_public ON award (issuer, created_at, id) WHERE visibility = 'public';
CREATE INDEX award_set ON award (status_list, status_index) WHERE (revoked_at IS NOT NULL OR suspended_at IS NOT NULL);
CREATE INDEX award_ended ON award (issuer, created_at, id) WHERE (revoked_at IS NOT NULL OR suspended_at IS NOT NULL);

CREATE TABLE award_result (
    result TEXT NOT NULL,
    award  TEXT NOT NULL REFERENCES award (id),
    PRIMARY KEY (result, award)
) /*clustered*/;

CREATE TABLE edition (
    award               TEXT   NOT NULL REFERENCES award (id),
    number              BIGINT NOT NULL,
    credential          TEXT   NOT NULL,
    jwt                 TEXT,
    ob2                 TEXT,
    key_name            TEXT   NOT NULL,
    rsa_key_name        TEXT   NOT NULL,
    subject             TEXT   NOT NULL,
    salt                TEXT   NOT NULL,
    valid_from          BIGINT NOT NULL,
    valid_until         BIGINT,
    signed_at           BIGINT NOT NULL,
    achievement_version BIGINT NOT NULL,
    PRIMARY KEY (award, number)
);

CREATE TABLE status_list (
    id                TEXT   NOT NULL PRIMARY KEY,
    issuer            TEXT   NOT NULL REFERENCES issuer (slug),
    purpose           TEXT   NOT NULL,
    length            BIGINT NOT NULL,
    taken             BIGINT NOT NULL,
    epoch             BIGINT NOT NULL,
    version           BIGINT NOT NULL,
    published_version BIGINT NOT NULL,
    credential        TEXT,
    signed_at         BIGINT,
    created_at        BIGINT NOT NULL
);
CREATE INDEX status_list_issuer ON status_list (issuer, created_at, id);

-- An index is taken for ever, also where the award that asked for it was not
-- made in the end.
CREATE TABLE status_entry (
    list     TEXT   NOT NULL REFERENCES status_list (id),
    position BIGINT NOT NULL,
    award    TEXT   NOT NULL,
    PRIMARY KEY (list, position)
) /*clustered*/;

CREATE TABLE job (
    id           TEXT   NOT NULL PRIMARY KEY,
    kind         TEXT   NOT NULL,
    args         TEXT   NOT NULL,
    uniq         TEXT,
    run_at       BIGINT NOT NULL,
    attempt      BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    lease_until  BIGINT NOT NULL,
    lease_by     TEXT   NOT NULL,
    last_error   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    done_at      BIGINT
) /*clustered*/;
CREATE UNIQUE INDEX job_uniq ON job (uniq) WHERE done_at IS NULL AND uniq IS NOT NULL;
CREATE INDEX job_due ON job (run_at, id) WHERE done_at IS NULL;

CREATE TABLE mail (
    id         TEXT   NOT NULL PRIMARY KEY,
    award      TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    edition    BIGINT NOT NULL,
    recipient  TEXT   NOT NULL,
    message_id TEXT   NOT NULL,
    body       BLOB,
    created_at BIGINT NOT NULL,
    sent_at    BIGINT,
    attempts   BIGINT NOT NULL,
    last_error TEXT   NOT NULL
);
CREATE UNIQUE INDEX mail_occasion ON mail (award, kind, edition);
CREATE INDEX mail_recent ON mail (created_at, id);

CREATE TABLE claim_link (
    hash       TEXT   NOT NULL PRIMARY KEY,
    award      TEXT   NOT NULL REFERENCES award (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    used_at    BIGINT
) /*clustered*/;
CREATE INDEX claim_link_award ON claim_link (award);

CREATE TABLE token (
    id           TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL,
    issuer       TEXT   NOT NULL,
    scopes       TEXT   NOT NULL,
    hash         TEXT   NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    revoked_at   BIGINT,
    last_used_at BIGINT
);

CREATE TABLE audit (
    seq     BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    detail  TEXT   NOT NULL,
    hash    TEXT   NOT NULL
) /*clustered*/;

CREATE TABLE audit_head (
    id   BIGINT NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash TEXT   NOT NULL
) /*clustered*/;
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE idempotency (
    token      TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    status     BIGINT NOT NULL,
    body       BLOB   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token, name)
) /*clustered*/;
CREATE INDEX idempotency_age ON idempotency (created_at);
