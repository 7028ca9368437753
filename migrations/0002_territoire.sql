-- Dated layers over the territory: each import keeps its source, its vintage and its licence; the rows are kept as received.
CREATE TABLE couche (
    id UUID NOT NULL PRIMARY KEY,
    nature TEXT NOT NULL CHECK (nature IN ('qpv', 'frr', 'zrr', 'fragilite_communes', 'fragilite_epci', 'france_services')),
    source TEXT NOT NULL,
    millesime TEXT NOT NULL,
    licence TEXT NOT NULL,
    valable_du DATE NOT NULL,
    valable_au DATE,
    empreinte TEXT NOT NULL,
    importee_at TIMESTAMPTZ NOT NULL,
    UNIQUE (nature, millesime)
);

CREATE TABLE couche_element (
    couche_id UUID NOT NULL REFERENCES couche (id),
    code TEXT NOT NULL,
    libelle TEXT NOT NULL,
    contenu JSONB NOT NULL,
    PRIMARY KEY (couche_id, code)
);
