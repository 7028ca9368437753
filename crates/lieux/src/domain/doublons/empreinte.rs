//! What a comparison needs of a place, computed once.

use territoire::{CodeCommune, Point, plier};
use uuid::Uuid;

use super::mots::{self, GenreDeLieu, Mot};
use crate::domain::lieu::{Lieu, Precision};
use crate::domain::typologie::Typologie;

/// The fingerprint of a place.
#[derive(Clone, Debug)]
pub(super) struct Empreinte {
    pub id: Uuid,
    pub source: Option<String>,
    /// The commune, or what stands for it when the code is unknown.
    pub commune: String,
    pub commune_connue: bool,
    pub nom: Vec<Mot>,
    pub genres: Vec<GenreDeLieu>,
    pub numero: Option<String>,
    pub voie: Vec<Mot>,
    /// Only a point that says more than "somewhere in this commune".
    pub point: Option<Point>,
    pub siret: Option<String>,
    pub telephone: Option<String>,
    pub courriels: Vec<String>,
    pub typologies: Vec<Typologie>,
}

impl Empreinte {
    pub fn de(lieu: &Lieu) -> Self {
        let adresse = &lieu.adresse;
        let nom = mots::lire_le_nom(&lieu.nom, &adresse.commune);
        let (numero, voie) = separer(&plier(&adresse.voie));
        Self {
            id: lieu.id,
            source: lieu.source.clone(),
            commune_connue: adresse.code_insee.is_some(),
            commune: commune(adresse.code_insee)
                .unwrap_or_else(|| format!("{} {}", adresse.code_postal, plier(&adresse.commune))),
            nom: nom.mots,
            genres: nom.genres,
            numero,
            voie: mots::mots_de_la_voie(&voie),
            point: lieu
                .position
                .filter(|p| p.precision != Precision::Commune)
                .map(|p| p.point),
            siret: lieu.pivot.siret().map(str::to_owned),
            telephone: lieu.contact.telephone.as_ref().map(|t| abonne(t.as_str())),
            courriels: lieu
                .contact
                .courriels
                .iter()
                .map(|c| c.as_str().to_lowercase())
                .collect(),
            typologies: lieu.typologies.clone(),
        }
    }
}

/// An arrondissement or a former commune is compared with its current commune.
fn commune(code: Option<CodeCommune>) -> Option<String> {
    let code = code?;
    let courante = territoire::Referentiel::embarque()
        .resoudre(code)
        .map(|commune| commune.code);
    Some(courante.unwrap_or(code).to_string())
}

/// The last nine digits: what stays of a number when its prefix changes.
fn abonne(telephone: &str) -> String {
    let chiffres: Vec<char> = telephone.chars().filter(char::is_ascii_digit).collect();
    chiffres[chiffres.len().saturating_sub(9)..].iter().collect()
}

/// Parts the number (`12`, `12 bis`, `12b`) from a folded street.
fn separer(voie: &str) -> (Option<String>, String) {
    let Some(debut) = voie
        .bytes()
        .position(|c| !c.is_ascii_digit())
        .filter(|debut| *debut > 0)
    else {
        return (None, voie.to_owned());
    };
    let (chiffres, reste) = voie.split_at(debut);
    let mut mots = reste.trim_start().split(' ').peekable();
    let indice =
        mots.next_if(|mot| matches!(*mot, "bis" | "ter" | "quater") || (mot.len() == 1 && *mot != "r" && *mot != "l"));
    let numero = format!(
        "{chiffres}{}",
        indice
            .and_then(|i| i.chars().next())
            .map(String::from)
            .unwrap_or_default()
    );
    (Some(numero), mots.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_numero_se_lit_sous_toutes_ses_formes() {
        for (voie, numero, reste) in [
            ("12 rue des lilas", Some("12"), "rue des lilas"),
            ("12 bis rue des lilas", Some("12b"), "rue des lilas"),
            ("12b rue des lilas", Some("12b"), "rue des lilas"),
            ("12bis rue des lilas", Some("12b"), "rue des lilas"),
            ("place de la mairie", None, "place de la mairie"),
            ("8 mai 1945", Some("8"), "mai 1945"),
            ("12", None, "12"),
            ("", None, ""),
        ] {
            assert_eq!(separer(voie), (numero.map(str::to_owned), reste.to_owned()), "{voie}");
        }
    }

    #[test]
    fn un_numero_garde_ses_neuf_derniers_chiffres() {
        assert_eq!(abonne("+33474265078"), abonne("04 74 26 50 78"));
        assert_eq!(abonne("3615"), "3615");
    }
}
