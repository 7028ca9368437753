-- Files of places given in the browser: kept sealed until they are written or forgotten.
CREATE TABLE import_depose (
    id UUID NOT NULL PRIMARY KEY,
    par_id UUID NOT NULL,
    fonction TEXT NOT NULL,
    perimetre TEXT NOT NULL,
    attribution_id UUID,
    portee TEXT NOT NULL,
    source TEXT NOT NULL,
    fichier TEXT NOT NULL,
    octets BYTEA,
    depose_at TIMESTAMPTZ NOT NULL,
    expire_at TIMESTAMPTZ NOT NULL,
    clos_at TIMESTAMPTZ,
    etat TEXT NOT NULL CHECK (etat IN ('depose', 'en_cours', 'termine', 'interrompu', 'retour', 'annule')),
    raison TEXT,
    forme TEXT NOT NULL,
    lues BIGINT NOT NULL,
    creees BIGINT NOT NULL,
    modifiees BIGINT NOT NULL,
    inchangees BIGINT NOT NULL,
    refusees BIGINT NOT NULL,
    retirees BIGINT NOT NULL,
    massif BOOLEAN NOT NULL,
    exemples JSONB NOT NULL,
    temoin BYTEA NOT NULL,
    fait BIGINT NOT NULL DEFAULT 0,
    rendus BIGINT NOT NULL DEFAULT 0,
    laisses BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX import_depose_etat ON import_depose (etat, expire_at);

CREATE INDEX import_depose_clos ON import_depose (clos_at);

CREATE INDEX import_depose_par ON import_depose (par_id, etat);

-- One file of a source is written at a time.
CREATE UNIQUE INDEX import_depose_ecriture ON import_depose (source) WHERE etat IN ('en_cours', 'retour');

-- Where a file lies, as permissions name it; lists are scoped by it.
CREATE TABLE import_depose_portee (
    import_id UUID NOT NULL REFERENCES import_depose (id),
    code TEXT NOT NULL,
    PRIMARY KEY (import_id, code)
);

CREATE INDEX import_depose_portee_code ON import_depose_portee (code, import_id);

-- The rows that a file gives and that are not taken.
CREATE TABLE import_refus (
    import_id UUID NOT NULL REFERENCES import_depose (id),
    rang BIGINT NOT NULL,
    ligne BIGINT NOT NULL,
    champ TEXT,
    code TEXT NOT NULL,
    raison TEXT NOT NULL,
    PRIMARY KEY (import_id, rang)
);

-- The places that a file withdraws.
CREATE TABLE import_retrait (
    import_id UUID NOT NULL REFERENCES import_depose (id),
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    PRIMARY KEY (import_id, lieu_id)
);

-- Each place as it was before a file changed it, so that the import can be undone. `porteur_id` is the place that shows it: another
-- one when it is part of a merge. `laisse` marks what an undoing did not put back, since the place changed meanwhile.
CREATE TABLE import_avant (
    import_id UUID NOT NULL REFERENCES import_depose (id),
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    porteur_id UUID NOT NULL REFERENCES lieu (id),
    genre TEXT NOT NULL CHECK (genre IN ('creation', 'modification', 'retrait')),
    avant JSONB,
    etat_avant TEXT CHECK (etat_avant IN ('publie', 'retire', 'fusionne')),
    provenances JSONB,
    id_externe TEXT NOT NULL,
    empreinte TEXT,
    dernier_import_id UUID,
    version_apres BIGINT NOT NULL,
    version_avant BIGINT,
    laisse BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (import_id, lieu_id)
);

CREATE INDEX import_avant_porteur ON import_avant (porteur_id, import_id);
