//! A row of the standard 0.1 in the words of v1.0.

use super::{colonnes::Version, ligne::Ligne};
use crate::domain::listes::{Dispositif, FormationLabel, ListeFermee, PriseEnCharge, Public};

/// What the standard 0.1 calls everybody, which v1.0 says by an empty cell.
const TOUS_PUBLICS: [&str; 3] = ["adultes", "tout public", "tous publics"];

/// Columns whose name changed and nothing else.
const RENOMMEES: [(&str, &str); 4] = [
    ("courriel", "courriels"),
    ("conditions_acces", "frais_a_charge"),
    ("accessibilite", "fiche_acces_libre"),
    ("labels_autres", "autres_formations_labels"),
];

/// Rewrites a row of the standard 0.1: names of columns, then the lists that were split.
///
/// Values keep their old spelling, which the aliases of the closed lists know; `cle_ban` is dropped.
pub fn migrer(mut ligne: Ligne) -> Ligne {
    for (ancien, nouveau) in RENOMMEES {
        if !ligne.a(nouveau) && ligne.a(ancien) {
            let valeur = ligne.lire(ancien).to_owned();
            ligne.ecrire(nouveau, valeur);
        }
    }
    repartir_publics(&mut ligne);
    repartir_labels(&mut ligne);
    ligne.cellules.retain(|(nom, _)| {
        let nom: &str = nom;
        Version::V1_0.colonnes().contains(&nom) || !Version::V0_1.colonnes().contains(&nom)
    });
    ligne
}

fn repartir_publics(ligne: &mut Ligne) {
    let mut publics = Vec::new();
    let mut prises_en_charge = Vec::new();
    for accueilli in valeurs(ligne, "publics_accueillis") {
        if TOUS_PUBLICS.contains(&territoire::plier(&accueilli).as_str()) {
            continue;
        }
        if Public::lire(&accueilli).is_none() && PriseEnCharge::lire(&accueilli).is_some() {
            prises_en_charge.push(accueilli);
        } else {
            publics.push(accueilli);
        }
    }
    completer(ligne, Public::COLONNE, publics);
    completer(ligne, PriseEnCharge::COLONNE, prises_en_charge);
}

fn repartir_labels(ligne: &mut Ligne) {
    let (mut dispositifs, mut formations, mut autres) = (Vec::new(), Vec::new(), Vec::new());
    for label in valeurs(ligne, "labels_nationaux") {
        if Dispositif::lire(&label).is_some() {
            dispositifs.push(label);
        } else if FormationLabel::lire(&label).is_some() {
            formations.push(label);
        } else {
            autres.push(label);
        }
    }
    completer(ligne, Dispositif::COLONNE, dispositifs);
    completer(ligne, FormationLabel::COLONNE, formations);
    completer(ligne, "autres_formations_labels", autres);
}

fn valeurs(ligne: &Ligne, colonne: &str) -> Vec<String> {
    let separateur = [Version::V0_1.separateur(), Version::V1_0.separateur()];
    let morceaux = ligne.lire(colonne).split(separateur).map(str::trim);
    morceaux.filter(|m| !m.is_empty()).map(str::to_owned).collect()
}

fn completer(ligne: &mut Ligne, colonne: &str, ajouts: Vec<String>) {
    if ajouts.is_empty() {
        return;
    }
    let mut toutes = valeurs(ligne, colonne);
    toutes.extend(ajouts);
    ligne.ecrire(colonne, toutes.join("|"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_ligne_de_2022_passe_dans_les_colonnes_de_2024() {
        let migree = migrer(Ligne::nouvelle(
            2,
            [
                ("id", "1"),
                ("cle_ban", "13001_3079_00001"),
                ("courriel", "a@b.fr"),
                ("publics_accueillis", "Adultes;Seniors (+ 65 ans);Surdité"),
                ("labels_nationaux", "CNFS;APTIC;Fabriques de Territoire"),
                ("labels_autres", "Label local"),
                ("prise_rdv", "https://rdv.fr"),
            ],
        ));
        for (colonne, valeur) in [
            ("courriels", "a@b.fr"),
            ("publics_specifiquement_adresses", "Seniors (+ 65 ans)"),
            ("prise_en_charge_specifique", "Surdité"),
            ("dispositif_programmes_nationaux", "CNFS"),
            ("formations_labels", "Fabriques de Territoire"),
            ("autres_formations_labels", "Label local|APTIC"),
            ("prise_rdv", "https://rdv.fr"),
        ] {
            assert_eq!(migree.lire(colonne), valeur, "{colonne}");
        }
        assert!(!migree.a("cle_ban"));
    }
}
