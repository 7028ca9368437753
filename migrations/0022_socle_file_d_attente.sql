-- The next event due, and the first of each object: found without reading those that wait behind.
DROP INDEX outbox_object;

CREATE INDEX outbox_turn ON outbox (object, turn, id) WHERE done_at IS NULL;

CREATE INDEX outbox_next ON outbox (due_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
