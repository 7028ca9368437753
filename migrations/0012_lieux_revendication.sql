-- Organisations that ask to answer for a place. `organisation` is the code of a perimeter, as rights compare it.
CREATE TABLE revendication (
    id UUID NOT NULL PRIMARY KEY,
    lieu_id UUID NOT NULL REFERENCES lieu (id),
    organisation TEXT NOT NULL,
    par_id UUID NOT NULL,
    motivation TEXT NOT NULL,
    etat TEXT NOT NULL CHECK (etat IN ('demandee', 'accordee', 'refusee', 'retiree')),
    demandee_at TIMESTAMPTZ NOT NULL,
    close_at TIMESTAMPTZ,
    decideur_id UUID,
    motif TEXT CHECK (motif IN ('autre_structure', 'lien_non_etabli', 'lieu_ferme')),
    mots TEXT,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX revendication_etat ON revendication (etat, demandee_at, id);

-- One open claim of an organisation on a place.
CREATE UNIQUE INDEX revendication_ouverte ON revendication (lieu_id, organisation) WHERE etat IN ('demandee', 'accordee');
