-- +goose Up

-- Addresses that an award names because its owner asked for it, beside those that
-- its candidate was reported with.
CREATE TABLE award_address (
    award   TEXT   NOT NULL REFERENCES award (id),
    folded  TEXT   NOT NULL,
    address TEXT   NOT NULL,
    tied_at BIGINT NOT NULL,
    PRIMARY KEY (award, folded)
) /*clustered*/;
