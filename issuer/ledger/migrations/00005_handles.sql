-- +goose Up

-- Two handles that look alike have the same look, which the issuer makes as
-- below. Of those that were taken before this was kept, the first has it.
ALTER TABLE account ADD COLUMN handle_look TEXT;
UPDATE account SET handle_look =
    replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(
    replace(handle, '-', ''),
    '0', 'o'), '1', 'l'), 'i', 'l'), '3', 'e'), '4', 'a'), '5', 's'), '7', 't'), '8', 'b'),
    'rn', 'm'), 'vv', 'w'), 'cl', 'd')
    WHERE handle IS NOT NULL;
CREATE INDEX account_handle_look_first ON account (handle_look, created_at, id);
UPDATE account SET handle_look = NULL WHERE handle_look IS NOT NULL AND EXISTS (
    SELECT 1 FROM account o WHERE o.handle_look = account.handle_look
    AND (o.created_at < account.created_at OR (o.created_at = account.created_at AND o.id < account.id)));
DROP INDEX account_handle_look_first;
CREATE UNIQUE INDEX account_handle_look ON account (handle_look);

ALTER TABLE former_handle ADD COLUMN look TEXT NOT NULL DEFAULT '';
UPDATE former_handle SET look =
    replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(
    replace(handle, '-', ''),
    '0', 'o'), '1', 'l'), 'i', 'l'), '3', 'e'), '4', 'a'), '5', 's'), '7', 't'), '8', 'b'),
    'rn', 'm'), 'vv', 'w'), 'cl', 'd');
CREATE INDEX former_handle_look ON former_handle (look);
