-- The journal is read by date, and by action and date.
CREATE INDEX journal_at ON journal (at, id);

CREATE INDEX journal_action ON journal (action, at, id);
