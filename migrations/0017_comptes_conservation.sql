-- Those who no longer come: who was warned, and the day that was announced to them.
CREATE TABLE preavis_effacement (
    personne_id UUID NOT NULL PRIMARY KEY REFERENCES personne (id),
    venue_at TIMESTAMPTZ NOT NULL,
    donne_at TIMESTAMPTZ NOT NULL,
    effacement_le DATE NOT NULL,
    dit_a TEXT NOT NULL CHECK (dit_a IN ('personne', 'agent'))
);

CREATE INDEX preavis_effacement_le ON preavis_effacement (effacement_le, personne_id);

CREATE INDEX personne_venue ON personne ((COALESCE(vue_at, creee_at)), id);

-- A kind of notification more. SQLite changes no CHECK: both tables are made again.
ALTER TABLE notification RENAME TO notification_avant;

DROP INDEX notification_personne;

DROP INDEX notification_a_resumer;

CREATE TABLE notification (
    id UUID NOT NULL PRIMARY KEY,
    personne_id UUID NOT NULL REFERENCES personne (id),
    genre TEXT NOT NULL CHECK (genre IN ('fonction', 'invitation', 'facteurs', 'fiche')),
    phrase TEXT NOT NULL,
    chemin TEXT NOT NULL,
    faite_at TIMESTAMPTZ NOT NULL,
    lue_at TIMESTAMPTZ,
    a_resumer BOOLEAN NOT NULL
);

INSERT INTO notification (id, personne_id, genre, phrase, chemin, faite_at, lue_at, a_resumer)
SELECT id, personne_id, genre, phrase, chemin, faite_at, lue_at, a_resumer FROM notification_avant;

DROP TABLE notification_avant;

CREATE INDEX notification_personne ON notification (personne_id, faite_at, id);

CREATE INDEX notification_a_resumer ON notification (a_resumer, personne_id);

ALTER TABLE preference_notification RENAME TO preference_notification_avant;

CREATE TABLE preference_notification (
    personne_id UUID NOT NULL REFERENCES personne (id),
    genre TEXT NOT NULL CHECK (genre IN ('fonction', 'invitation', 'facteurs', 'fiche')),
    mode TEXT NOT NULL CHECK (mode IN ('courriel', 'resume', 'application', 'rien')),
    PRIMARY KEY (personne_id, genre)
);

INSERT INTO preference_notification (personne_id, genre, mode) SELECT personne_id, genre, mode FROM preference_notification_avant;

DROP TABLE preference_notification_avant;
