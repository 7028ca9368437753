-- Where a file lies that an agent opened for someone who holds nothing: the perimeter of that agent.
CREATE TABLE personne_portee (
    personne_id UUID NOT NULL REFERENCES personne (id),
    code TEXT NOT NULL,
    PRIMARY KEY (code, personne_id)
);

CREATE INDEX personne_portee_personne ON personne_portee (personne_id);

-- Files that changed since they were last compared with the others.
CREATE TABLE a_rapprocher (
    personne_id UUID NOT NULL PRIMARY KEY REFERENCES personne (id),
    demandes BIGINT NOT NULL DEFAULT 1
);

INSERT INTO a_rapprocher (personne_id) SELECT id FROM personne WHERE etat = 'active';

-- Under which keys a file is found again: files that share none need no comparison.
CREATE TABLE cle_rapprochement (
    cle TEXT NOT NULL,
    personne_id UUID NOT NULL REFERENCES personne (id),
    PRIMARY KEY (cle, personne_id)
);

CREATE INDEX cle_rapprochement_personne ON cle_rapprochement (personne_id);

-- Two files that may be of one person, the smaller identifier first.
CREATE TABLE rapprochement (
    id UUID NOT NULL PRIMARY KEY,
    premiere_id UUID NOT NULL REFERENCES personne (id),
    seconde_id UUID NOT NULL REFERENCES personne (id),
    score BIGINT NOT NULL,
    etat TEXT NOT NULL CHECK (etat IN ('a_voir', 'distinctes')),
    trouve_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX rapprochement_paire ON rapprochement (premiere_id, seconde_id);

CREATE INDEX rapprochement_seconde ON rapprochement (seconde_id);

CREATE INDEX rapprochement_etat ON rapprochement (etat, score, id);

ALTER TABLE levee_separation ADD COLUMN retablie_at TIMESTAMPTZ;

ALTER TABLE levee_separation ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
