//! What is stored of perimeters: where they lie on a day, and what they are called.

use crate::domain::{
    organisation::{EtatOrganisation, Organisation},
    perimetre::{Perimetre, Portee},
};
use socle::{
    change::Stored,
    clock::Day,
    db::{DbResult, Tx, Value},
    params,
    permissions::Resource,
    sql,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use super::groupement::membres_au;

#[derive(sqlx::FromRow)]
struct LigneMembre {
    membre: String,
    code: String,
}

#[derive(sqlx::FromRow)]
struct LignePersonne {
    personne_id: Uuid,
    code: String,
}

#[derive(sqlx::FromRow)]
struct LigneNom {
    id: Uuid,
    nom: String,
}

/// Where a perimeter lies on a day; nothing when it names an organisation or a group that does not stand.
///
/// # Errors
/// The engine's.
pub async fn portee(tx: &mut Tx, perimetre: &Perimetre, jour: Day) -> DbResult<Option<Portee>> {
    match perimetre {
        Perimetre::Organisation(id) => {
            let organisation = restante(tx, *id).await?;
            Ok(organisation.map(|o| Portee::simple(o.codes())))
        }
        Perimetre::Groupement(id) => {
            if noms(tx, [perimetre]).await?.0.is_empty() {
                return Ok(None);
            }
            de_groupement(tx, *id, jour).await.map(Some)
        }
        Perimetre::Epci(siren) => Ok(Some(Portee::epci(*siren))),
        autre => Ok(Some(Portee::simple(autre.codes()))),
    }
}

/// An organisation, or the one that its file was joined to: a right over the first holds over the second.
async fn restante(tx: &mut Tx, mut id: Uuid) -> DbResult<Option<Organisation>> {
    loop {
        match Organisation::load(tx, id).await? {
            Some(Organisation {
                etat: EtatOrganisation::Fusionnee { dans, .. },
                ..
            }) => id = dans,
            autre => return Ok(autre),
        }
    }
}

async fn de_groupement(tx: &mut Tx, id: Uuid, jour: Day) -> DbResult<Portee> {
    let mut membres: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for code in membres_au(tx, id, jour).await? {
        let codes = Perimetre::lire(&code).map_or_else(|_| vec![code.clone()], |p| p.codes());
        membres.insert(code, codes);
    }
    let organisations: Vec<LigneMembre> = tx
        .fetch_all(
            sql!(
                "SELECT m.code AS membre, p.code FROM groupement_membre m
                   JOIN organisation_portee o ON o.code = m.code
                   JOIN organisation_portee p ON p.organisation_id = o.organisation_id
                  WHERE m.groupement_id = $1 AND m.du <= $2 AND (m.au IS NULL OR m.au > $2)"
            ),
            &params![id, jour],
        )
        .await?;
    for LigneMembre { membre, code } in organisations {
        membres.entry(membre).or_default().push(code);
    }
    for LignePersonne { personne_id, code } in de_personnes(tx, &membres, jour).await? {
        let membre = socle::permissions::person_code(personne_id);
        membres.entry(membre).or_default().push(code);
    }
    Ok(Portee::groupement(id, membres.into_values().collect()))
}

/// Where the people of a list stand that day, through what they hold.
async fn de_personnes(tx: &mut Tx, membres: &BTreeMap<String, Vec<String>>, jour: Day) -> DbResult<Vec<LignePersonne>> {
    let gens: Vec<Uuid> = membres
        .keys()
        .filter_map(|code| code.strip_prefix("P:")?.parse().ok())
        .collect();
    let mut codes = Vec::new();
    for lot in gens.chunks(LOT) {
        let mut valeurs: Vec<Value> = params![jour].into();
        valeurs.extend(lot.iter().copied().map(Value::from));
        let lignes: Vec<LignePersonne> = tx
            .fetch_all(
                sql!(
                    "SELECT DISTINCT a.personne_id, ap.code FROM attribution a JOIN attribution_portee ap ON ap.attribution_id = a.id
                      WHERE a.retiree_at IS NULL AND (a.au IS NULL OR a.au >= $1) AND a.personne_id IN ($2, ...)"
                )
                .with_list(2, lot.len()),
                &valeurs,
            )
            .await?;
        codes.extend(lignes);
    }
    Ok(codes)
}

/// How many identifiers a statement takes at once.
const LOT: usize = 500;

/// The own names of organisations and groups, beside those that the territory knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noms(BTreeMap<Uuid, String>);

impl Noms {
    /// What a perimeter is called.
    pub fn de(&self, perimetre: &Perimetre) -> String {
        let propre = match perimetre {
            Perimetre::Organisation(id) | Perimetre::Groupement(id) => self.0.get(id).cloned(),
            _ => None,
        };
        propre.unwrap_or_else(|| perimetre.nom())
    }
}

/// What these perimeters are called, in one statement for a page of them.
///
/// # Errors
/// The engine's.
pub async fn noms(tx: &mut Tx, perimetres: impl IntoIterator<Item = &Perimetre>) -> DbResult<Noms> {
    let ids: BTreeSet<Uuid> = perimetres
        .into_iter()
        .filter_map(|perimetre| match perimetre {
            Perimetre::Organisation(id) | Perimetre::Groupement(id) => Some(*id),
            _ => None,
        })
        .collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut noms = Noms::default();
    for lot in ids.chunks(LOT) {
        let valeurs: Vec<Value> = lot.iter().copied().map(Value::from).collect();
        let lignes: Vec<LigneNom> = tx
            .fetch_all(
                sql!(
                    "SELECT id, nom FROM organisation WHERE id IN ($1, ...)
                      UNION ALL SELECT id, nom FROM groupement WHERE id IN ($1, ...)"
                )
                .with_list(1, lot.len()),
                &valeurs,
            )
            .await?;
        noms.0.extend(lignes.into_iter().map(|l| (l.id, l.nom)));
    }
    Ok(noms)
}

/// What one perimeter is called.
///
/// # Errors
/// The engine's.
pub async fn nom(tx: &mut Tx, perimetre: &Perimetre) -> DbResult<String> {
    Ok(noms(tx, [perimetre]).await?.de(perimetre))
}
