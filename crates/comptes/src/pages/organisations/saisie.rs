//! Fields that several forms share, read into domain types.

use territoire::{CodeCommune, Commune, Referentiel};
use ui::{composants::Choix, form::Formulaire};
use uuid::Uuid;

use crate::domain::{
    forme::FormeJuridique,
    identifiant::{GENRES, IdentifiantEtablissement, Rna},
    organisation::{ADRESSE_MAX, Etablissement, NOM_MAX},
};

/// The kinds of identifier, as choices.
pub fn genres() -> Vec<Choix> {
    GENRES.map(|(code, libelle)| Choix::new(code, libelle)).into()
}

/// The legal forms, as choices.
pub fn formes() -> Vec<Choix> {
    FormeJuridique::toutes()
        .map(|forme| Choix::new(forme.code(), forme.libelle()))
        .collect()
}

/// The number of an establishment, of the kind that was chosen.
pub fn identifiant(form: &mut Formulaire) -> Option<IdentifiantEtablissement> {
    let genre = form.valeur("genre").to_owned();
    if !GENRES.iter().any(|(code, _)| *code == genre) {
        form.refuser(
            "genre",
            "choisissez le numéro que porte l’établissement, ou « aucun numéro »",
        );
        return None;
    }
    form.lire("numero", |numero| IdentifiantEtablissement::lire(&genre, numero))
}

/// The legal form.
pub fn forme(form: &mut Formulaire) -> Option<FormeJuridique> {
    form.lire("forme", |code| {
        FormeJuridique::lire(code).ok_or("choisissez la nature de l’organisation dans la liste")
    })
}

/// The number of an association, which may be left empty.
pub fn rna(form: &mut Formulaire) -> Option<Option<Rna>> {
    if form.valeur("rna").is_empty() {
        return Some(None);
    }
    form.lire("rna", str::parse).map(Some)
}

/// A commune, by its postal code and its name, or by its INSEE code; it may be left empty for a place abroad.
fn commune(texte: &str, sans_numero: bool) -> Result<Option<CodeCommune>, &'static str> {
    let carte = Referentiel::embarque();
    if texte.is_empty() && sans_numero {
        return Ok(None);
    }
    let par_code = texte.parse().ok().and_then(|code| carte.resoudre(code));
    let commune: Option<&Commune> = par_code.or_else(|| carte.commune_dans(texte));
    commune
        .map(|commune| Some(commune.code))
        .ok_or("écrivez le code postal et le nom de la commune, par exemple 01000 Bourg-en-Bresse")
}

/// How a form writes a commune, so that it reads again as the same.
pub fn ecrire_commune(code: CodeCommune) -> String {
    let commune = Referentiel::embarque().resoudre(code);
    commune.map_or_else(
        || code.to_string(),
        |commune| match commune.codes_postaux.first() {
            Some(postal) => format!("{postal} {}", commune.nom),
            None => code.to_string(),
        },
    )
}

/// An establishment; its identifier was read before.
pub fn etablissement(
    form: &mut Formulaire,
    id: Uuid,
    identifiant: IdentifiantEtablissement,
    siege: bool,
) -> Option<Etablissement> {
    let sans_numero = identifiant == IdentifiantEtablissement::Aucun;
    let nom = form.lire("nom_etablissement", |texte| court(texte, NOM_MAX));
    let adresse = form.lire("adresse", |texte| court(texte, ADRESSE_MAX));
    let commune = form.lire("commune", |texte| commune(texte, sans_numero));
    Some(Etablissement {
        id,
        identifiant,
        nom: nom?,
        adresse: adresse?,
        commune: commune?,
        siege,
    })
}

fn court(texte: &str, longueur: usize) -> Result<Option<String>, String> {
    let texte = texte.split_whitespace().collect::<Vec<_>>().join(" ");
    if texte.chars().count() > longueur {
        return Err(format!("ce texte dépasse {longueur} caractères : raccourcissez-le"));
    }
    Ok((!texte.is_empty()).then_some(texte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_commune_se_lit_comme_on_l_ecrit() {
        for (texte, attendu) in [
            ("01000 Bourg-en-Bresse", Some("01053")),
            ("01053", Some("01053")),
            ("98800 Nouméa", Some("98818")),
            ("nulle part", None),
            ("", None),
        ] {
            let lue = commune(texte, false).ok().flatten();
            assert_eq!(lue.as_ref().map(|c| c.as_str()), attendu, "{texte}");
        }
        assert_eq!(commune("", true), Ok(None));
        for code in ["01053", "2A004", "98818", "97411", "13055"] {
            let code: CodeCommune = code.parse().unwrap();
            assert_eq!(commune(&ecrire_commune(code), false), Ok(Some(code)), "{code}");
        }
    }

    #[test]
    fn un_genre_inconnu_est_refuse_a_son_champ() {
        let mut form = Formulaire::vide().avec("genre", "autre").avec("numero", "12");
        assert_eq!(identifiant(&mut form), None);
        assert!(form.erreur("genre").is_some() && form.erreur("numero").is_none());
        let mut form = Formulaire::vide().avec("genre", "siret").avec("numero", "12");
        assert_eq!(identifiant(&mut form), None);
        assert!(form.erreur("numero").is_some_and(|e| e.contains("14 chiffres")));
    }
}
