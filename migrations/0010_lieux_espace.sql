-- Where a place lies, as permissions name it: its territories, and the organisations that answer for it. Lists are scoped by it.
CREATE TABLE lieu_portee (
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    code TEXT NOT NULL,
    PRIMARY KEY (lieu_id, code)
);

CREATE INDEX lieu_portee_code ON lieu_portee (code, lieu_id);

-- What people changed by hand, with the place as it was, so that the last change can be undone.
CREATE TABLE lieu_modification (
    id UUID NOT NULL PRIMARY KEY,
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    at TIMESTAMPTZ NOT NULL,
    par TEXT NOT NULL,
    origine TEXT NOT NULL CHECK (origine IN ('signalement', 'gestion')),
    champs TEXT NOT NULL,
    avant JSONB NOT NULL,
    provenances JSONB NOT NULL,
    version BIGINT NOT NULL,
    defaite_at TIMESTAMPTZ
);

CREATE INDEX lieu_modification_lieu ON lieu_modification (lieu_id, at, id);
