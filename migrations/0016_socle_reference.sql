-- Dated reference data: the values of a key beyond the first, which stands in the code. A row holds from its day until the next one of its
-- key; `turn` orders what was said of one day, and an empty value withdraws what the turn before it said.
CREATE TABLE reference_value (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    from_day DATE NOT NULL,
    turn BIGINT NOT NULL,
    value TEXT,
    source TEXT NOT NULL,
    author UUID,
    author_role TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL
);

CREATE UNIQUE INDEX reference_value_turn ON reference_value (key, from_day, turn);

-- A value that was recorded is never changed or removed.
-- @sqlite
CREATE TRIGGER reference_value_no_update BEFORE UPDATE ON reference_value BEGIN
    SELECT RAISE(ABORT, 'une valeur de référence ne se modifie pas');
END;

CREATE TRIGGER reference_value_no_delete BEFORE DELETE ON reference_value BEGIN
    SELECT RAISE(ABORT, 'une valeur de référence ne se modifie pas');
END;

-- REPLACE removes a row without its trigger of removal.
CREATE TRIGGER reference_value_no_replace BEFORE INSERT ON reference_value WHEN EXISTS
    (SELECT 1 FROM reference_value WHERE id = NEW.id OR (key = NEW.key AND from_day = NEW.from_day AND turn = NEW.turn)) BEGIN
    SELECT RAISE(IGNORE);
END;

-- @end
-- @postgres
CREATE FUNCTION reference_value_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'une valeur de référence ne se modifie pas';
END
$$;

CREATE TRIGGER reference_value_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON reference_value EXECUTE FUNCTION reference_value_refuse();

-- @end
