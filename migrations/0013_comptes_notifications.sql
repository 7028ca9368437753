-- What people are told, in the application and by mail, as each of them chose.
CREATE TABLE notification (
    id UUID NOT NULL PRIMARY KEY,
    personne_id UUID NOT NULL REFERENCES personne (id),
    genre TEXT NOT NULL CHECK (genre IN ('fonction', 'invitation', 'facteurs')),
    phrase TEXT NOT NULL,
    chemin TEXT NOT NULL,
    faite_at TIMESTAMPTZ NOT NULL,
    lue_at TIMESTAMPTZ,
    a_resumer BOOLEAN NOT NULL
);

CREATE INDEX notification_personne ON notification (personne_id, faite_at, id);

CREATE INDEX notification_a_resumer ON notification (a_resumer, personne_id);

CREATE TABLE preference_notification (
    personne_id UUID NOT NULL REFERENCES personne (id),
    genre TEXT NOT NULL CHECK (genre IN ('fonction', 'invitation', 'facteurs')),
    mode TEXT NOT NULL CHECK (mode IN ('courriel', 'resume', 'application', 'rien')),
    PRIMARY KEY (personne_id, genre)
);
