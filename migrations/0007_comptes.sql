-- People for life, the roles that they hold over perimeters, and how they prove who they are.
CREATE TABLE personne (
    id UUID NOT NULL PRIMARY KEY,
    prenom TEXT NOT NULL,
    nom TEXT NOT NULL,
    nom_plie TEXT NOT NULL,
    annee_naissance BIGINT,
    langue TEXT NOT NULL,
    fuseau TEXT NOT NULL,
    etat TEXT NOT NULL CHECK (etat IN ('active', 'fusionnee', 'anonymisee')),
    fusionnee_dans UUID REFERENCES personne (id),
    ouverte_par UUID,
    creee_at TIMESTAMPTZ NOT NULL,
    vue_at TIMESTAMPTZ,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX personne_nom ON personne (nom_plie, id);

CREATE TABLE contact (
    id UUID NOT NULL PRIMARY KEY,
    personne_id UUID NOT NULL REFERENCES personne (id),
    genre TEXT NOT NULL CHECK (genre IN ('courriel', 'telephone')),
    valeur TEXT NOT NULL,
    confirme_at TIMESTAMPTZ,
    ajoute_at TIMESTAMPTZ NOT NULL
);

CREATE UNIQUE INDEX contact_personne ON contact (personne_id, genre, valeur);

-- A confirmed address leads to one person; an unconfirmed one is only a claim.
CREATE UNIQUE INDEX contact_courriel ON contact (valeur) WHERE genre = 'courriel' AND confirme_at IS NOT NULL;

CREATE INDEX contact_valeur ON contact (genre, valeur);

CREATE TABLE attribution (
    id UUID NOT NULL PRIMARY KEY,
    personne_id UUID NOT NULL REFERENCES personne (id),
    fonction TEXT NOT NULL,
    perimetre TEXT NOT NULL,
    du DATE NOT NULL,
    au DATE,
    accordee_par UUID,
    accordee_at TIMESTAMPTZ NOT NULL,
    retiree_par UUID,
    retiree_at TIMESTAMPTZ,
    motif_retrait TEXT,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX attribution_personne ON attribution (personne_id, du);

-- Where an attribution's perimeter lies: itself and the territories that hold it.
CREATE TABLE attribution_portee (
    attribution_id UUID NOT NULL REFERENCES attribution (id),
    code TEXT NOT NULL,
    PRIMARY KEY (code, attribution_id)
);

CREATE INDEX attribution_portee_attribution ON attribution_portee (attribution_id);

CREATE TABLE delegation (
    id UUID NOT NULL PRIMARY KEY,
    attribution_id UUID NOT NULL REFERENCES attribution (id),
    personne_id UUID NOT NULL REFERENCES personne (id),
    genre TEXT NOT NULL CHECK (genre IN ('signature', 'remplacement')),
    acte TEXT NOT NULL,
    du DATE NOT NULL,
    au DATE NOT NULL,
    accordee_par UUID NOT NULL,
    accordee_at TIMESTAMPTZ NOT NULL,
    retiree_at TIMESTAMPTZ,
    version BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX delegation_personne ON delegation (personne_id, du);

CREATE INDEX delegation_attribution ON delegation (attribution_id, du);

CREATE TABLE levee_separation (
    id UUID NOT NULL PRIMARY KEY,
    perimetre TEXT NOT NULL,
    motif TEXT NOT NULL,
    du DATE NOT NULL,
    au DATE NOT NULL,
    levee_par UUID NOT NULL,
    levee_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX levee_separation_perimetre ON levee_separation (perimetre, du);

CREATE TABLE session (
    id UUID NOT NULL PRIMARY KEY,
    secret BYTEA NOT NULL,
    personne_id UUID NOT NULL REFERENCES personne (id),
    moyen TEXT NOT NULL CHECK (moyen IN ('lien', 'code', 'cle_acces', 'fournisseur', 'operateur', 'demonstration')),
    fort BOOLEAN NOT NULL,
    preuve_at TIMESTAMPTZ NOT NULL,
    appareil TEXT NOT NULL,
    attribution_id UUID,
    place_de UUID REFERENCES personne (id),
    motif_place TEXT,
    jeton BYTEA,
    ouverte_at TIMESTAMPTZ NOT NULL,
    vue_at TIMESTAMPTZ NOT NULL,
    expire_at TIMESTAMPTZ NOT NULL,
    fermee_at TIMESTAMPTZ
);

CREATE UNIQUE INDEX session_secret ON session (secret);

CREATE INDEX session_personne ON session (personne_id, ouverte_at);

-- A link asked for by e-mail, and the code that the same message carries.
CREATE TABLE demande_connexion (
    id UUID NOT NULL PRIMARY KEY,
    jeton BYTEA NOT NULL,
    code BYTEA NOT NULL,
    navigateur BYTEA NOT NULL,
    adresse BYTEA NOT NULL,
    personne_id UUID REFERENCES personne (id),
    contact_id UUID,
    suite TEXT NOT NULL,
    demandee_at TIMESTAMPTZ NOT NULL,
    essais BIGINT NOT NULL DEFAULT 0,
    utilisee_at TIMESTAMPTZ
);

CREATE UNIQUE INDEX demande_connexion_jeton ON demande_connexion (jeton);

CREATE INDEX demande_connexion_adresse ON demande_connexion (adresse, demandee_at);

CREATE TABLE code_temporel (
    personne_id UUID NOT NULL PRIMARY KEY REFERENCES personne (id),
    secret BYTEA NOT NULL,
    confirme_at TIMESTAMPTZ,
    dernier_pas BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE code_secours (
    personne_id UUID NOT NULL REFERENCES personne (id),
    empreinte BYTEA NOT NULL,
    cree_at TIMESTAMPTZ NOT NULL,
    utilise_at TIMESTAMPTZ,
    PRIMARY KEY (personne_id, empreinte)
);

CREATE TABLE cle_acces (
    id UUID NOT NULL PRIMARY KEY,
    personne_id UUID NOT NULL REFERENCES personne (id),
    identifiant BYTEA NOT NULL,
    donnees JSONB NOT NULL,
    nom TEXT NOT NULL,
    ajoutee_at TIMESTAMPTZ NOT NULL,
    utilisee_at TIMESTAMPTZ
);

CREATE UNIQUE INDEX cle_acces_identifiant ON cle_acces (identifiant);

CREATE INDEX cle_acces_personne ON cle_acces (personne_id, ajoutee_at);

-- What a browser was asked to prove, until it answers: an OpenID Connect exchange, a passkey ceremony.
CREATE TABLE defi (
    id BYTEA NOT NULL PRIMARY KEY,
    genre TEXT NOT NULL CHECK (genre IN ('fournisseur', 'cle_creation', 'cle_connexion')),
    personne_id UUID,
    donnees BYTEA NOT NULL,
    suite TEXT NOT NULL,
    pose_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX defi_pose ON defi (pose_at);

CREATE TABLE identite_externe (
    emetteur TEXT NOT NULL,
    sujet TEXT NOT NULL,
    personne_id UUID NOT NULL REFERENCES personne (id),
    ajoutee_at TIMESTAMPTZ NOT NULL,
    vue_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (emetteur, sujet)
);

CREATE INDEX identite_externe_personne ON identite_externe (personne_id);

CREATE TABLE invitation (
    id UUID NOT NULL PRIMARY KEY,
    jeton BYTEA NOT NULL,
    courriel TEXT NOT NULL,
    fonction TEXT NOT NULL,
    perimetre TEXT NOT NULL,
    au DATE,
    par UUID,
    creee_at TIMESTAMPTZ NOT NULL,
    envoyee_at TIMESTAMPTZ NOT NULL,
    expire_at TIMESTAMPTZ NOT NULL,
    etat TEXT NOT NULL CHECK (etat IN ('envoyee', 'acceptee', 'retiree')),
    acceptee_par UUID REFERENCES personne (id),
    version BIGINT NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX invitation_jeton ON invitation (jeton);

CREATE INDEX invitation_creee ON invitation (creee_at, id);

CREATE TABLE invitation_portee (
    invitation_id UUID NOT NULL REFERENCES invitation (id),
    code TEXT NOT NULL,
    PRIMARY KEY (code, invitation_id)
);

-- How often something was tried, by a keyed fingerprint of an account, an address or a network.
CREATE TABLE essai (
    cle BYTEA NOT NULL PRIMARY KEY,
    nombre BIGINT NOT NULL,
    dernier_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX essai_dernier ON essai (dernier_at);

CREATE TABLE fusion_personne (
    id UUID NOT NULL PRIMARY KEY,
    gardee_id UUID NOT NULL REFERENCES personne (id),
    absorbee_id UUID NOT NULL REFERENCES personne (id),
    deplaces JSONB NOT NULL,
    motif TEXT NOT NULL,
    par UUID NOT NULL,
    faite_at TIMESTAMPTZ NOT NULL,
    defaite_at TIMESTAMPTZ
);

CREATE INDEX fusion_personne_gardee ON fusion_personne (gardee_id, faite_at);
