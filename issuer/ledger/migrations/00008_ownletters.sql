-- +goose Up

-- Addresses were compared with ß as ss, which can be another domain or mailbox.
UPDATE address SET folded = lower(address) WHERE address LIKE '%ß%' OR address LIKE '%ẞ%';
UPDATE account_address SET folded = lower(address) WHERE address LIKE '%ß%' OR address LIKE '%ẞ%';
UPDATE award SET folded = lower(address) WHERE address LIKE '%ß%' OR address LIKE '%ẞ%';
