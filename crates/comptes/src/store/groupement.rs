//! The only SQL about groups.

use socle::{
    change::Stored,
    clock::{Day, Instant},
    db::{DayColumn, DbResult, Tx},
    params,
    permissions::Resource,
    sql,
};
use territoire::plier;
use uuid::Uuid;

use super::incoherente;
use crate::domain::{
    groupement::{GenreGroupement, Groupement, Membre},
    perimetre::Perimetre,
};

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    genre: String,
    nom: String,
    cree_at: Instant,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct LigneMembre {
    code: String,
    du: DayColumn,
    au: Option<DayColumn>,
}

impl Ligne {
    fn groupement(self, membres: Vec<Membre>) -> DbResult<Groupement> {
        let genre = GenreGroupement::lire(&self.genre).ok_or_else(|| incoherente("groupement", self.id))?;
        Ok(Groupement {
            id: self.id,
            genre,
            nom: self.nom,
            membres,
            cree_at: self.cree_at,
            version: self.version,
        })
    }
}

impl Resource for Groupement {
    fn codes(&self) -> Vec<String> {
        vec![Perimetre::Groupement(self.id).code()]
    }
}

impl Stored for Groupement {
    const KIND: &'static str = "groupement";

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    async fn load(tx: &mut Tx, id: Uuid) -> DbResult<Option<Self>> {
        let ligne: Option<Ligne> = tx
            .fetch_optional(
                sql!("SELECT id, genre, nom, cree_at, version FROM groupement WHERE id = $1"),
                &params![id],
            )
            .await?;
        let Some(ligne) = ligne else { return Ok(None) };
        let membres = membres(tx, id).await?;
        ligne.groupement(membres).map(Some)
    }

    async fn insert(&self, tx: &mut Tx) -> DbResult<()> {
        tx.execute(
            sql!("INSERT INTO groupement (id, genre, nom, nom_plie, cree_at, version) VALUES ($1, $2, $3, $4, $5, $6)"),
            &params![
                self.id,
                self.genre.code(),
                self.nom.as_str(),
                plier(&self.nom),
                self.cree_at,
                self.version
            ],
        )
        .await?;
        garder_membres(tx, self).await
    }

    async fn update(&self, tx: &mut Tx) -> DbResult<bool> {
        let lignes = tx
            .execute(
                sql!("UPDATE groupement SET nom = $2, nom_plie = $3, version = version + 1 WHERE id = $1 AND version = $4"),
                &params![self.id, self.nom.as_str(), plier(&self.nom), self.version],
            )
            .await?;
        if lignes == 1 {
            garder_membres(tx, self).await?;
        }
        Ok(lignes == 1)
    }
}

/// Writes the memberships that began or ended, and no other: a network has thousands.
async fn garder_membres(tx: &mut Tx, groupement: &Groupement) -> DbResult<()> {
    let gardes = membres(tx, groupement.id).await?;
    for membre in groupement.membres.iter().filter(|membre| !gardes.contains(membre)) {
        tx.execute(
            sql!(
                "INSERT INTO groupement_membre (groupement_id, code, du, au) VALUES ($1, $2, $3, $4)
                  ON CONFLICT (groupement_id, code, du) DO UPDATE SET au = $4"
            ),
            &params![groupement.id, membre.code.as_str(), membre.du, membre.au],
        )
        .await?;
    }
    Ok(())
}

async fn membres(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Membre>> {
    let lignes: Vec<LigneMembre> = tx
        .fetch_all(
            sql!("SELECT code, du, au FROM groupement_membre WHERE groupement_id = $1 ORDER BY code, du"),
            &params![id],
        )
        .await?;
    let membre = |m: LigneMembre| Membre {
        code: m.code,
        du: m.du.0,
        au: m.au.map(|au| au.0),
    };
    Ok(lignes.into_iter().map(membre).collect())
}

/// Puts a member in the place of another from a day on; gives the groups that changed, and whether the new one was not there before.
///
/// # Errors
/// The engine's.
pub async fn remplacer_membre(tx: &mut Tx, de: &str, vers: &str, jour: Day) -> DbResult<Vec<(Uuid, bool)>> {
    let lignes: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!("UPDATE groupement_membre SET au = $2 WHERE code = $1 AND au IS NULL RETURNING groupement_id"),
            &params![de, jour],
        )
        .await?;
    let mut changes = Vec::with_capacity(lignes.len());
    for (id,) in lignes {
        let entre = !est_membre(tx, id, vers).await?;
        if entre {
            faire_entrer(tx, id, vers, jour).await?;
        }
        toucher(tx, id).await?;
        changes.push((id, entre));
    }
    Ok(changes)
}

/// Undoes it from a day on, in the groups that the new member did not leave meanwhile.
///
/// # Errors
/// The engine's.
pub async fn rendre_membre(
    tx: &mut Tx,
    (de, vers): (&str, &str),
    (id, entre): (Uuid, bool),
    jour: Day,
) -> DbResult<()> {
    if !est_membre(tx, id, de).await? {
        return Ok(());
    }
    if entre {
        tx.execute(
            sql!("UPDATE groupement_membre SET au = $3 WHERE groupement_id = $1 AND code = $2 AND au IS NULL"),
            &params![id, de, jour],
        )
        .await?;
    }
    faire_entrer(tx, id, vers, jour).await?;
    toucher(tx, id).await
}

async fn est_membre(tx: &mut Tx, id: Uuid, code: &str) -> DbResult<bool> {
    let (nombre,): (i64,) = tx
        .fetch_one(
            sql!("SELECT COUNT(*) FROM groupement_membre WHERE groupement_id = $1 AND code = $2 AND au IS NULL"),
            &params![id, code],
        )
        .await?;
    Ok(nombre > 0)
}

async fn faire_entrer(tx: &mut Tx, id: Uuid, code: &str, jour: Day) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO groupement_membre (groupement_id, code, du) VALUES ($1, $2, $3)
              ON CONFLICT (groupement_id, code, du) DO UPDATE SET au = NULL"
        ),
        &params![id, code, jour],
    )
    .await
    .map(drop)
}

/// Whoever looks at the group must see that it changed.
async fn toucher(tx: &mut Tx, id: Uuid) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE groupement SET version = version + 1 WHERE id = $1"),
        &params![id],
    )
    .await
    .map(drop)
}

/// A line of the list of groups.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Bref {
    /// Its identifier.
    pub id: Uuid,
    /// The code of its kind.
    pub genre: String,
    /// Its name.
    pub nom: String,
    /// Its folded name, which orders the list.
    pub nom_plie: String,
}

/// The groups by name, after a line of the list; at most `limite`.
///
/// # Errors
/// The engine's.
pub async fn lister(tx: &mut Tx, apres: Option<(&str, Uuid)>, limite: u32) -> DbResult<Vec<Bref>> {
    let (plie, id) = apres.unwrap_or(("", Uuid::nil()));
    tx.fetch_all(
        sql!(
            "SELECT id, genre, nom, nom_plie FROM groupement WHERE (nom_plie, id) > ($1, $2) ORDER BY nom_plie, id LIMIT $3"
        ),
        &params![plie, id, limite],
    )
    .await
}

/// The groups that bear this folded name; at most `limite`.
///
/// # Errors
/// The engine's.
pub async fn nommes(tx: &mut Tx, nom_plie: &str, limite: u32) -> DbResult<Vec<Bref>> {
    tx.fetch_all(
        sql!("SELECT id, genre, nom, nom_plie FROM groupement WHERE nom_plie = $1 ORDER BY id LIMIT $2"),
        &params![nom_plie, limite],
    )
    .await
}

#[derive(sqlx::FromRow)]
struct Code {
    code: String,
}

/// The codes that a perimeter over a group covers on a day: its members, and the files that describe the same organisations.
///
/// # Errors
/// The engine's.
pub async fn couvre_au(tx: &mut Tx, id: Uuid, jour: Day) -> DbResult<Vec<String>> {
    let lignes: Vec<Code> = tx
        .fetch_all(
            sql!(
                "SELECT code FROM groupement_membre WHERE groupement_id = $1 AND du <= $2 AND (au IS NULL OR au > $2)
                  UNION
                 SELECT p.code FROM groupement_membre m
                   JOIN organisation_portee o ON o.code = m.code
                   JOIN organisation_portee p ON p.organisation_id = o.organisation_id AND p.code LIKE 'O:%'
                  WHERE m.groupement_id = $1 AND m.du <= $2 AND (m.au IS NULL OR m.au > $2)
                  ORDER BY code"
            ),
            &params![id, jour],
        )
        .await?;
    Ok(lignes.into_iter().map(|ligne| ligne.code).collect())
}

/// The codes of a group's members on a day.
///
/// # Errors
/// The engine's.
pub async fn membres_au(tx: &mut Tx, id: Uuid, jour: Day) -> DbResult<Vec<String>> {
    let lignes: Vec<Code> = tx
        .fetch_all(
            sql!("SELECT code FROM groupement_membre WHERE groupement_id = $1 AND du <= $2 AND (au IS NULL OR au > $2) ORDER BY code"),
            &params![id, jour],
        )
        .await?;
    Ok(lignes.into_iter().map(|ligne| ligne.code).collect())
}
