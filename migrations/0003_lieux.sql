-- Places: the national standard in columns, lists as codes joined by '|'; identifiers for life, provenance by field, visits, imports, tickets.
CREATE TABLE lieu (
    id UUID NOT NULL PRIMARY KEY,
    etat TEXT NOT NULL CHECK (etat IN ('publie', 'retire', 'fusionne')),
    pivot TEXT NOT NULL,
    nom TEXT NOT NULL,
    voie TEXT NOT NULL,
    complement TEXT,
    commune TEXT NOT NULL,
    code_postal TEXT NOT NULL,
    code_insee TEXT,
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    precision_position TEXT CHECK (precision_position IN ('numero', 'source', 'rue', 'lieu-dit', 'commune')),
    typologies TEXT NOT NULL,
    telephone TEXT,
    courriels TEXT NOT NULL,
    sites_web TEXT NOT NULL,
    horaires TEXT,
    presentation_resume TEXT,
    presentation_detail TEXT,
    source TEXT,
    itinerance TEXT NOT NULL,
    structure_parente TEXT,
    date_maj DATE NOT NULL,
    services TEXT NOT NULL,
    publics TEXT NOT NULL,
    prises_en_charge TEXT NOT NULL,
    frais TEXT NOT NULL,
    dispositifs TEXT NOT NULL,
    formations TEXT NOT NULL,
    autres_formations TEXT NOT NULL,
    modalites_acces TEXT NOT NULL,
    modalites_accompagnement TEXT NOT NULL,
    fiche_acces_libre TEXT,
    prise_rdv TEXT,
    cree_at TIMESTAMPTZ NOT NULL,
    modifie_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX lieu_commune ON lieu (code_insee);

CREATE INDEX lieu_etat ON lieu (etat, id);

-- Every identifier that ever named a place: external ones of each source, and those of places merged into it.
CREATE TABLE lieu_alias (
    alias TEXT NOT NULL PRIMARY KEY,
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    cree_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX lieu_alias_lieu ON lieu_alias (lieu_id);

-- Where the value of each field comes from, as received, and the rule that mended it.
CREATE TABLE lieu_provenance (
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    champ TEXT NOT NULL,
    source TEXT NOT NULL,
    recu TEXT,
    regle TEXT,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (lieu_id, champ)
);

-- The stops of an itinerant place: either a day with its hours, or a rule that comes back.
CREATE TABLE lieu_visite (
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    rang BIGINT NOT NULL,
    endroit TEXT,
    code_insee TEXT,
    jour DATE,
    horaires TEXT,
    regle TEXT,
    PRIMARY KEY (lieu_id, rang),
    CHECK ((jour IS NULL) <> (regle IS NULL))
);

CREATE TABLE import_lieux (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    source TEXT NOT NULL,
    fichier TEXT NOT NULL,
    lues BIGINT NOT NULL,
    creees BIGINT NOT NULL,
    modifiees BIGINT NOT NULL,
    inchangees BIGINT NOT NULL,
    refusees BIGINT NOT NULL,
    retirees BIGINT NOT NULL
);

CREATE INDEX import_lieux_source ON import_lieux (source, at);

-- The row of a source that made a place; what left the source is found by comparing with its last import.
CREATE TABLE lieu_source (
    source TEXT NOT NULL,
    id_externe TEXT NOT NULL,
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    empreinte TEXT NOT NULL,
    import_id UUID NOT NULL REFERENCES import_lieux (id),
    PRIMARY KEY (source, id_externe)
);

CREATE INDEX lieu_source_lieu ON lieu_source (lieu_id);

-- A mistake reported on a field. It says nothing of who reported it.
CREATE TABLE ticket (
    id UUID NOT NULL PRIMARY KEY,
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    champ TEXT NOT NULL,
    message TEXT NOT NULL,
    etat TEXT NOT NULL CHECK (etat IN ('ouvert', 'corrige', 'sans_suite')),
    ouvert_at TIMESTAMPTZ NOT NULL,
    clos_at TIMESTAMPTZ,
    reponse TEXT,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX ticket_etat ON ticket (etat, ouvert_at, id);

