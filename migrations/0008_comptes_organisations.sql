-- Organisations, their establishments and names through time, the groups that they form.
CREATE TABLE organisation (
    id UUID NOT NULL PRIMARY KEY,
    forme TEXT NOT NULL CHECK (forme IN ('commune', 'epci', 'departement', 'region', 'collectivite_particuliere', 'ccas', 'syndicat', 'etablissement_public', 'gip', 'etat', 'consulat', 'association', 'fondation', 'ess', 'bailleur_social', 'prive_interet_general', 'entreprise')),
    siren TEXT,
    rna TEXT,
    nom TEXT NOT NULL,
    nom_plie TEXT NOT NULL,
    etat TEXT NOT NULL CHECK (etat IN ('active', 'fusionnee')),
    fusionnee_dans UUID REFERENCES organisation (id),
    fusionnee_at TIMESTAMPTZ,
    creee_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 0
);

-- One organisation has one number; whoever is merged into another gives it up.
CREATE UNIQUE INDEX organisation_siren ON organisation (siren) WHERE siren IS NOT NULL;

CREATE UNIQUE INDEX organisation_rna ON organisation (rna) WHERE rna IS NOT NULL;

CREATE INDEX organisation_par_nom ON organisation (etat, nom_plie, id);

CREATE TABLE organisation_nom (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    nom TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('declare', 'annuaire', 'import')),
    du DATE NOT NULL,
    au DATE
);

CREATE INDEX organisation_nom_de ON organisation_nom (organisation_id, du, id);

CREATE TABLE etablissement (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    genre TEXT NOT NULL CHECK (genre IN ('siret', 'ridet', 'tahiti', 'aucun')),
    numero TEXT,
    nom TEXT,
    adresse TEXT,
    commune TEXT,
    siege BOOLEAN NOT NULL,
    CHECK ((genre = 'aucun') = (numero IS NULL))
);

CREATE UNIQUE INDEX etablissement_numero ON etablissement (genre, numero) WHERE numero IS NOT NULL;

CREATE INDEX etablissement_organisation ON etablissement (organisation_id, id);

-- Where an organisation lies: itself, and the territories that hold its establishments.
CREATE TABLE organisation_portee (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    code TEXT NOT NULL,
    PRIMARY KEY (code, organisation_id)
);

CREATE INDEX organisation_portee_organisation ON organisation_portee (organisation_id);

CREATE TABLE organisation_fusion (
    id UUID NOT NULL PRIMARY KEY,
    reste_id UUID NOT NULL REFERENCES organisation (id),
    part_id UUID NOT NULL REFERENCES organisation (id),
    raison TEXT NOT NULL,
    deplaces JSONB NOT NULL,
    faite_at TIMESTAMPTZ NOT NULL,
    defaite_at TIMESTAMPTZ
);

CREATE INDEX organisation_fusion_reste ON organisation_fusion (reste_id, faite_at);

CREATE TABLE groupement (
    id UUID NOT NULL PRIMARY KEY,
    genre TEXT NOT NULL CHECK (genre IN ('arrondissement', 'reseau', 'hub', 'liste')),
    nom TEXT NOT NULL,
    nom_plie TEXT NOT NULL,
    cree_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX groupement_nom ON groupement (nom_plie, id);

-- A member is a code: a territory, an organisation, a person.
CREATE TABLE groupement_membre (
    groupement_id UUID NOT NULL REFERENCES groupement (id),
    code TEXT NOT NULL,
    du DATE NOT NULL,
    au DATE,
    PRIMARY KEY (groupement_id, code, du)
);

CREATE INDEX groupement_membre_code ON groupement_membre (code);
