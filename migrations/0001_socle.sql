-- The ground: what was done (journal), what must follow (outbox), who works on it (lease), and when a read copy is stale.
CREATE TABLE journal (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    detail JSONB NOT NULL
);

CREATE INDEX journal_object ON journal (object_kind, object_id, at);

CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    topic TEXT NOT NULL,
    payload JSONB NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    taken_until TIMESTAMPTZ,
    attempts BIGINT NOT NULL DEFAULT 0,
    failure TEXT,
    done_at TIMESTAMPTZ
);

CREATE INDEX outbox_due ON outbox (done_at, due_at, id);

CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder UUID NOT NULL,
    until TIMESTAMPTZ NOT NULL
);

CREATE TABLE read_version (
    name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

-- The journal only grows: no row of it is changed or removed.
-- @sqlite
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

-- @end
-- @postgres
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'le journal ne se modifie pas';
END
$$;

CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal EXECUTE FUNCTION journal_refuse();

-- @end
