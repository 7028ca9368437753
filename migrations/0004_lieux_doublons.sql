-- Duplicates: what was decided of each pair, and each merge with the records that it replaced, so that it can be undone.
CREATE TABLE lieu_paire (
    premier_id UUID NOT NULL,
    second_id UUID NOT NULL,
    etat TEXT NOT NULL CHECK (etat IN ('a_decider', 'fusionnee', 'distincte')),
    comparaison JSONB NOT NULL,
    note BIGINT NOT NULL,
    fusion_id UUID,
    decidee_at TIMESTAMPTZ,
    decidee_par TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (premier_id, second_id)
);

CREATE INDEX lieu_paire_etat ON lieu_paire (etat, note, premier_id, second_id);

CREATE INDEX lieu_paire_second ON lieu_paire (second_id);

CREATE INDEX lieu_paire_fusion ON lieu_paire (fusion_id);

CREATE TABLE lieu_fusion (
    id UUID NOT NULL PRIMARY KEY,
    lieu_id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    par TEXT NOT NULL,
    provenance JSONB NOT NULL,
    originaux JSONB NOT NULL,
    alias_deplaces JSONB NOT NULL,
    defaite_at TIMESTAMPTZ,
    defaite_par TEXT
);

CREATE INDEX lieu_fusion_lieu ON lieu_fusion (lieu_id, at);
