//! People and their contact points.

use super::{incoherente, rapprochement};
use crate::domain::{
    courriel::Courriel,
    personne::{Contact, EtatPersonne, Moyen, Nom, Personne},
};
use socle::{
    change::Stored,
    clock::{Day, Instant},
    db::{DayColumn, DbResult, Tx},
    params,
    permissions::Scope,
    sql,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    prenom: String,
    nom: String,
    annee_naissance: Option<i64>,
    langue: String,
    fuseau: String,
    etat: String,
    fusionnee_dans: Option<Uuid>,
    ouverte_par: Option<Uuid>,
    creee_at: Instant,
    vue_at: Option<Instant>,
    version: i64,
}

impl TryFrom<Ligne> for Personne {
    type Error = sqlx::Error;

    fn try_from(l: Ligne) -> DbResult<Self> {
        let etat = match (l.etat.as_str(), l.fusionnee_dans) {
            ("active", None) => EtatPersonne::Active,
            ("fusionnee", Some(dans)) => EtatPersonne::Fusionnee { dans },
            ("anonymisee", None) => EtatPersonne::Anonymisee,
            _ => return Err(incoherente("personne", l.id)),
        };
        Ok(Self {
            id: l.id,
            nom: Nom {
                prenom: l.prenom,
                nom: l.nom,
            },
            annee_naissance: l.annee_naissance.and_then(|a| a.try_into().ok()),
            langue: l.langue,
            fuseau: l.fuseau,
            etat,
            ouverte_par: l.ouverte_par,
            creee_at: l.creee_at,
            vue_at: l.vue_at,
            version: l.version,
        })
    }
}

impl Stored for Personne {
    const KIND: &'static str = "personne";

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn people(&self) -> Vec<Uuid> {
        vec![self.id]
    }

    async fn load(tx: &mut Tx, id: Uuid) -> DbResult<Option<Self>> {
        let ligne: Option<Ligne> = tx
            .fetch_optional(
                sql!(
                    "SELECT id, prenom, nom, annee_naissance, langue, fuseau, etat, fusionnee_dans, ouverte_par, creee_at, vue_at, version
                       FROM personne WHERE id = $1"
                ),
                &params![id],
            )
            .await?;
        ligne.map(Self::try_from).transpose()
    }

    async fn insert(&self, tx: &mut Tx) -> DbResult<()> {
        tx.execute(
            sql!(
                "INSERT INTO personne (id, prenom, nom, nom_plie, annee_naissance, langue, fuseau, etat, ouverte_par, creee_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9)"
            ),
            &params![
                self.id,
                self.nom.prenom.as_str(),
                self.nom.nom.as_str(),
                self.nom.plie(),
                self.annee_naissance.map(i64::from),
                self.langue.as_str(),
                self.fuseau.as_str(),
                self.ouverte_par,
                self.creee_at
            ],
        )
        .await?;
        rapprochement::demander(tx, self.id).await
    }

    async fn update(&self, tx: &mut Tx) -> DbResult<bool> {
        let dans = match self.etat {
            EtatPersonne::Fusionnee { dans } => Some(dans),
            EtatPersonne::Active | EtatPersonne::Anonymisee => None,
        };
        let lignes = tx
            .execute(
                sql!(
                    "UPDATE personne SET prenom = $3, nom = $4, nom_plie = $5, annee_naissance = $6, langue = $7, fuseau = $8, etat = $9,
                            fusionnee_dans = $10, version = version + 1
                      WHERE id = $1 AND version = $2"
                ),
                &params![
                    self.id,
                    self.version,
                    self.nom.prenom.as_str(),
                    self.nom.nom.as_str(),
                    self.nom.plie(),
                    self.annee_naissance.map(i64::from),
                    self.langue.as_str(),
                    self.fuseau.as_str(),
                    self.etat.code(),
                    dans
                ],
            )
            .await?;
        rapprochement::demander(tx, self.id).await?;
        Ok(lignes == 1)
    }
}

#[derive(sqlx::FromRow)]
struct LigneContact {
    id: Uuid,
    personne_id: Uuid,
    genre: String,
    valeur: String,
    confirme_at: Option<Instant>,
    ajoute_at: Instant,
}

impl TryFrom<LigneContact> for Contact {
    type Error = sqlx::Error;

    fn try_from(l: LigneContact) -> DbResult<Self> {
        let moyen = match l.genre.as_str() {
            "courriel" => Moyen::Courriel(Courriel::lire(&l.valeur).map_err(|_| incoherente("contact", l.id))?),
            "telephone" => Moyen::Telephone(l.valeur),
            _ => return Err(incoherente("contact", l.id)),
        };
        Ok(Self {
            id: l.id,
            personne: l.personne_id,
            moyen,
            confirme_at: l.confirme_at,
            ajoute_at: l.ajoute_at,
        })
    }
}

/// The most contact points of one person.
pub const CONTACTS_MAX: u32 = 20;

/// The contact points of a person, the oldest first.
///
/// # Errors
/// The engine's.
pub async fn contacts(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<Contact>> {
    let lignes: Vec<LigneContact> = tx
        .fetch_all(
            sql!(
                "SELECT id, personne_id, genre, valeur, confirme_at, ajoute_at FROM contact WHERE personne_id = $1
                  ORDER BY genre, ajoute_at, id LIMIT $2"
            ),
            &params![personne, CONTACTS_MAX],
        )
        .await?;
    lignes.into_iter().map(Contact::try_from).collect()
}

/// A contact point.
///
/// # Errors
/// The engine's.
pub async fn contact(tx: &mut Tx, id: Uuid) -> DbResult<Option<Contact>> {
    let ligne: Option<LigneContact> = tx
        .fetch_optional(
            sql!("SELECT id, personne_id, genre, valeur, confirme_at, ajoute_at FROM contact WHERE id = $1"),
            &params![id],
        )
        .await?;
    ligne.map(Contact::try_from).transpose()
}

/// The contact point of the person who showed that this address is theirs; a claim that nobody confirmed leads nowhere.
///
/// # Errors
/// The engine's.
pub async fn titulaire(tx: &mut Tx, courriel: &Courriel) -> DbResult<Option<Contact>> {
    let ligne: Option<LigneContact> = tx
        .fetch_optional(
            sql!(
                "SELECT c.id, c.personne_id, c.genre, c.valeur, c.confirme_at, c.ajoute_at FROM contact c
                   JOIN personne p ON p.id = c.personne_id AND p.etat = 'active'
                  WHERE c.genre = 'courriel' AND c.valeur = $1 AND c.confirme_at IS NOT NULL"
            ),
            &params![courriel.as_str()],
        )
        .await?;
    ligne.map(Contact::try_from).transpose()
}

/// Adds a contact point; gives whether it was new.
///
/// # Errors
/// The engine's.
pub async fn ajouter_contact(tx: &mut Tx, contact: &Contact) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "INSERT INTO contact (id, personne_id, genre, valeur, confirme_at, ajoute_at) VALUES ($1, $2, $3, $4, $5, $6)
                  ON CONFLICT DO NOTHING"
            ),
            &params![
                contact.id,
                contact.personne,
                contact.moyen.code(),
                contact.moyen.valeur(),
                contact.confirme_at,
                contact.ajoute_at
            ],
        )
        .await?;
    rapprochement::demander(tx, contact.personne).await?;
    Ok(lignes == 1)
}

/// Marks an address as the person's, unless somebody else showed before that it is theirs; gives whether it is confirmed now.
///
/// # Errors
/// The engine's.
pub async fn confirmer_contact(tx: &mut Tx, id: Uuid, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "UPDATE contact SET confirme_at = COALESCE(confirme_at, $2) WHERE id = $1 AND NOT EXISTS (
                   SELECT 1 FROM contact autre WHERE autre.genre = contact.genre AND autre.valeur = contact.valeur
                      AND autre.id <> contact.id AND autre.confirme_at IS NOT NULL)"
            ),
            &params![id, at],
        )
        .await?;
    Ok(lignes == 1)
}

/// Removes a contact point of a person, unless it is their last confirmed address; gives whether it went.
///
/// # Errors
/// The engine's.
pub async fn retirer_contact(tx: &mut Tx, personne: Uuid, id: Uuid) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "DELETE FROM contact WHERE id = $2 AND personne_id = $1 AND (confirme_at IS NULL OR genre <> 'courriel' OR EXISTS (
                   SELECT 1 FROM contact autre WHERE autre.personne_id = $1 AND autre.id <> $2 AND autre.genre = 'courriel'
                      AND autre.confirme_at IS NOT NULL))"
            ),
            &params![personne, id],
        )
        .await?;
    rapprochement::demander(tx, personne).await?;
    Ok(lignes == 1)
}

/// Says where a file lies that an agent opened.
///
/// # Errors
/// The engine's.
pub async fn situer(tx: &mut Tx, personne: Uuid, codes: &[String]) -> DbResult<()> {
    for code in codes {
        tx.execute(
            sql!("INSERT INTO personne_portee (personne_id, code) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
            &params![personne, code.as_str()],
        )
        .await?;
    }
    Ok(())
}

/// The file under which a person is known now: theirs, or the one that it was joined to.
///
/// # Errors
/// The engine's.
pub async fn gardee(tx: &mut Tx, id: Uuid) -> DbResult<Uuid> {
    let ligne: Option<(Uuid,)> = tx
        .fetch_optional(
            sql!(
                "WITH RECURSIVE suite (id, dans) AS (
                   SELECT id, fusionnee_dans FROM personne WHERE id = $1
                    UNION SELECT p.id, p.fusionnee_dans FROM personne p JOIN suite s ON p.id = s.dans)
                 SELECT id FROM suite WHERE dans IS NULL"
            ),
            &params![id],
        )
        .await?;
    Ok(ligne.map_or(id, |(gardee,)| gardee))
}

/// What these people are called.
///
/// # Errors
/// The engine's.
pub async fn noms(tx: &mut Tx, ids: &[Uuid]) -> DbResult<std::collections::HashMap<Uuid, Nom>> {
    let mut noms = std::collections::HashMap::new();
    for lot in ids.chunks(500) {
        let valeurs: Vec<socle::db::Value> = lot.iter().copied().map(Into::into).collect();
        let lignes: Vec<(Uuid, String, String)> = tx
            .fetch_all(
                sql!("SELECT id, prenom, nom FROM personne WHERE id IN ($1, ...)").with_list(1, lot.len()),
                &valeurs,
            )
            .await?;
        noms.extend(lignes.into_iter().map(|(id, prenom, nom)| (id, Nom { prenom, nom })));
    }
    Ok(noms)
}

/// Holds the file of a person until the end of the transaction: nobody grants them anything while they are forgotten, or the other way round.
/// Gives whether the file is in use.
///
/// # Errors
/// The engine's.
pub async fn tenir(tx: &mut Tx, id: Uuid) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE personne SET etat = etat WHERE id = $1 AND etat = 'active'"),
            &params![id],
        )
        .await?;
    Ok(lignes == 1)
}

/// Notes that a person came, which lifts the warning that they were given; gives whether their file is in use.
///
/// # Errors
/// The engine's.
pub async fn noter_venue(tx: &mut Tx, id: Uuid, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE personne SET vue_at = $2 WHERE id = $1 AND etat = 'active'"),
            &params![id, at],
        )
        .await?;
    super::conservation::lever(tx, id).await?;
    Ok(lignes == 1)
}

/// A person in a list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Apercu {
    /// Their identifier.
    pub id: Uuid,
    /// Their first name.
    pub prenom: String,
    /// Their last name.
    pub nom: String,
    /// Their name as it is sorted.
    pub nom_plie: String,
    /// When they last came.
    pub vue_at: Option<Instant>,
}

/// Where a list goes on: the sorted name and identifier of the last person shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apres(pub String, pub Uuid);

/// The people who hold or held something in this scope, or whose file lies in it, by name; `cherche` is the folded beginning of a name.
///
/// # Errors
/// The engine's.
pub async fn lister(
    tx: &mut Tx,
    scope: &Scope,
    jour: Day,
    cherche: &str,
    apres: Option<&Apres>,
    limite: u32,
) -> DbResult<Vec<Apercu>> {
    let (nom, id) = apres.map_or((String::new(), Uuid::nil()), |a| (a.0.clone(), a.1));
    let mut params = params![
        scope.is_everything(),
        DayColumn(jour).0,
        cherche,
        format!("{cherche}\u{10ffff}"),
        nom,
        id,
        limite
    ]
    .to_vec();
    let codes = scope.codes();
    params.extend(codes.iter().map(|code| code.as_str().into()));
    if codes.is_empty() {
        params.push("".into());
    }
    tx.fetch_all(
        sql!(
            "SELECT p.id, p.prenom, p.nom, p.nom_plie, p.vue_at FROM personne p
              WHERE p.etat = 'active' AND p.nom_plie >= $3 AND p.nom_plie < $4 AND (p.nom_plie, p.id) > ($5, $6)
                AND ($1 OR p.id IN (SELECT a.personne_id FROM attribution_portee ap JOIN attribution a ON a.id = ap.attribution_id
                        WHERE a.retiree_at IS NULL AND (a.au IS NULL OR a.au >= $2) AND ap.code IN ($8, ...)
                      UNION SELECT personne_id FROM personne_portee WHERE code IN ($8, ...)))
              ORDER BY p.nom_plie, p.id LIMIT $7"
        )
        .with_list(8, codes.len()),
        &params,
    )
    .await
}
