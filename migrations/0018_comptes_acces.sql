-- The attribution in the name of which someone takes another's place: the session ends with it.
ALTER TABLE session ADD COLUMN place_titre UUID;

-- What was opened before cannot say by which right.
UPDATE session SET fermee_at = ouverte_at WHERE place_de IS NOT NULL AND fermee_at IS NULL;

UPDATE session SET place_de = NULL, motif_place = NULL WHERE place_de IS NOT NULL;

-- When someone's second factors were removed by another, who had lost them, and why.
CREATE TABLE liberation_facteurs (
    id UUID NOT NULL PRIMARY KEY,
    personne_id UUID NOT NULL REFERENCES personne (id),
    par UUID,
    motif TEXT NOT NULL,
    faite_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX liberation_facteurs_personne ON liberation_facteurs (personne_id, faite_at);
