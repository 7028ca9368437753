-- The sealed journal. Each line is linked by its hash to the one before, by a sealer that follows the writes; people stand outside the chain.
ALTER TABLE journal ADD COLUMN function TEXT NOT NULL DEFAULT '';

ALTER TABLE journal ADD COLUMN perimeter TEXT NOT NULL DEFAULT '';

ALTER TABLE journal ADD COLUMN commitments JSONB NOT NULL DEFAULT '[]';

CREATE TABLE journal_key (
    person_id UUID NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL
);

-- `rank` is the place of the commitment in the line; the person is emptied when they are erased.
CREATE TABLE journal_person (
    journal_id UUID NOT NULL,
    rank BIGINT NOT NULL,
    link TEXT NOT NULL CHECK (link IN ('acteur', 'au_nom_de', 'objet', 'concerne')),
    person_id UUID REFERENCES journal_key (person_id),
    PRIMARY KEY (journal_id, rank)
);

CREATE INDEX journal_person_person ON journal_person (person_id, journal_id);

CREATE TABLE journal_pending (
    at TIMESTAMPTZ NOT NULL,
    journal_id UUID NOT NULL,
    PRIMARY KEY (at, journal_id)
);

INSERT INTO journal_pending (at, journal_id) SELECT at, id FROM journal;

CREATE TABLE journal_chain (
    seq BIGINT NOT NULL PRIMARY KEY,
    journal_id UUID NOT NULL UNIQUE,
    hash BYTEA NOT NULL
);

CREATE TABLE journal_head (
    name TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    mac BYTEA NOT NULL
);

CREATE TABLE journal_seal (
    day DATE NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL
);

-- The chain and the seals only grow, and the head only moves forward. SQLite's REPLACE removes without the triggers of removal: an insertion
-- in the place of a row is refused too.
-- @sqlite
CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

CREATE TRIGGER journal_chain_no_replace BEFORE INSERT ON journal_chain WHEN EXISTS (SELECT 1 FROM journal_chain WHERE seq = NEW.seq OR journal_id = NEW.journal_id) BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

CREATE TRIGGER journal_chain_no_update BEFORE UPDATE ON journal_chain BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

CREATE TRIGGER journal_chain_no_delete BEFORE DELETE ON journal_chain BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

CREATE TRIGGER journal_seal_no_update BEFORE UPDATE ON journal_seal BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

CREATE TRIGGER journal_seal_no_delete BEFORE DELETE ON journal_seal BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

CREATE TRIGGER journal_head_forward BEFORE UPDATE ON journal_head WHEN NEW.seq <= OLD.seq OR NEW.name <> OLD.name BEGIN
    SELECT RAISE(ABORT, 'la tête du journal ne recule pas');
END;

CREATE TRIGGER journal_head_no_delete BEFORE DELETE ON journal_head BEGIN
    SELECT RAISE(ABORT, 'la tête du journal ne recule pas');
END;

-- @end
-- @postgres
CREATE TRIGGER journal_chain_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_chain EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER journal_seal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_seal EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER journal_head_no_removal BEFORE DELETE OR TRUNCATE ON journal_head EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER journal_head_forward BEFORE UPDATE ON journal_head FOR EACH ROW WHEN (NEW.seq <= OLD.seq OR NEW.name <> OLD.name) EXECUTE FUNCTION journal_refuse();

-- @end
