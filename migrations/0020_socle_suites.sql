-- The chain begins at 1. On SQLite, a seal and a head are not replaced either: a head put back would hide a cut tail.
-- @sqlite
CREATE TRIGGER journal_chain_from_one BEFORE INSERT ON journal_chain WHEN NEW.seq <= 0 BEGIN
    SELECT RAISE(ABORT, 'le journal ne se modifie pas');
END;

CREATE TRIGGER journal_seal_no_replace BEFORE INSERT ON journal_seal WHEN EXISTS (SELECT 1 FROM journal_seal WHERE day = NEW.day) BEGIN
    SELECT RAISE(IGNORE);
END;

CREATE TRIGGER journal_head_no_replace BEFORE INSERT ON journal_head WHEN EXISTS (SELECT 1 FROM journal_head WHERE name = NEW.name AND seq >= NEW.seq) BEGIN
    SELECT RAISE(ABORT, 'la tête du journal ne recule pas');
END;

-- @end
-- @postgres
CREATE TRIGGER journal_chain_from_one BEFORE INSERT ON journal_chain FOR EACH ROW WHEN (NEW.seq <= 0) EXECUTE FUNCTION journal_refuse();

-- @end
-- The journal is searched by kind of thing and date, and by thing alone.
DROP INDEX journal_object;

CREATE INDEX journal_object ON journal (object_id, object_kind, at, id);

CREATE INDEX journal_kind ON journal (object_kind, at, id);
