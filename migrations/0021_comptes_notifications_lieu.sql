-- People are also told of what is decided of the places that they asked for.
ALTER TABLE notification RENAME TO notification_d_avant;

CREATE TABLE notification (
    id UUID NOT NULL PRIMARY KEY,
    personne_id UUID NOT NULL REFERENCES personne (id),
    genre TEXT NOT NULL CHECK (genre IN ('fonction', 'invitation', 'facteurs', 'fiche', 'lieu')),
    phrase TEXT NOT NULL,
    chemin TEXT NOT NULL,
    faite_at TIMESTAMPTZ NOT NULL,
    lue_at TIMESTAMPTZ,
    a_resumer BOOLEAN NOT NULL
);

INSERT INTO notification (id, personne_id, genre, phrase, chemin, faite_at, lue_at, a_resumer)
SELECT id, personne_id, genre, phrase, chemin, faite_at, lue_at, a_resumer FROM notification_d_avant;

DROP TABLE notification_d_avant;

CREATE INDEX notification_personne ON notification (personne_id, faite_at, id);

CREATE INDEX notification_a_resumer ON notification (a_resumer, personne_id);

CREATE INDEX notification_faite ON notification (faite_at);

ALTER TABLE preference_notification RENAME TO preference_d_avant;

CREATE TABLE preference_notification (
    personne_id UUID NOT NULL REFERENCES personne (id),
    genre TEXT NOT NULL CHECK (genre IN ('fonction', 'invitation', 'facteurs', 'fiche', 'lieu')),
    mode TEXT NOT NULL CHECK (mode IN ('courriel', 'resume', 'application', 'rien')),
    PRIMARY KEY (personne_id, genre)
);

INSERT INTO preference_notification (personne_id, genre, mode) SELECT personne_id, genre, mode FROM preference_d_avant;

DROP TABLE preference_d_avant;
