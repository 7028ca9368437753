//! Reading a cell that holds several values of a closed list.

use crate::domain::{lieu::ajouter_une_fois, listes::ListeFermee};

/// What a cell says: the values, and the words that no list knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Cellule<L> {
    pub valeurs: Vec<L>,
    pub inconnus: Vec<String>,
}

/// Reads a cell; `|` separates, then `;`, then `,`, `/` and line breaks where the whole is no value by itself.
pub fn lire<L: ListeFermee>(cellule: &str) -> Cellule<L> {
    let mut lue = Cellule {
        valeurs: Vec::new(),
        inconnus: Vec::new(),
    };
    for morceau in morceaux(cellule) {
        repartir(morceau, &mut lue);
    }
    lue
}

/// The texts of a cell of free values.
pub fn textes(cellule: &str) -> Vec<String> {
    let mut lus = Vec::new();
    for morceau in morceaux(cellule).flat_map(|m| m.split(';')) {
        let propre = crate::domain::nettoyage::texte::nettoyer(morceau);
        if !crate::domain::nettoyage::texte::est_absent(&propre) {
            ajouter_une_fois(&mut lus, propre);
        }
    }
    lus
}

fn morceaux(cellule: &str) -> impl Iterator<Item = &str> {
    cellule.split('|').map(str::trim).filter(|m| !m.is_empty())
}

fn repartir<L: ListeFermee>(morceau: &str, lue: &mut Cellule<L>) {
    if let Some(valeur) = L::lire(morceau) {
        return ajouter_une_fois(&mut lue.valeurs, valeur);
    }
    for separateurs in [&[';'][..], &['\n'], &[','], &['/']] {
        if morceau.contains(separateurs) {
            let parts = morceau.split(separateurs).map(str::trim).filter(|p| !p.is_empty());
            return parts.for_each(|part| repartir(part, lue));
        }
    }
    ajouter_une_fois(&mut lue.inconnus, morceau.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listes::{Frais, PriseEnCharge, Service};

    #[test]
    fn une_cellule_se_coupe_ou_il_faut() {
        let lue = lire::<Service>(
            "Accéder à du matériel;Utiliser le numérique au quotidien|Autre chose, Accéder à du matériel",
        );
        assert_eq!(lue.valeurs, [Service::AccesInternetMateriel, Service::MaitriseOutils]);
        assert_eq!(lue.inconnus, ["Autre chose"]);
        let longue = "Gratuit sous condition : La gratuité est conditionnée à des critères (situation familiale, convention avec un organisme social...)";
        assert_eq!(lire::<Frais>(longue).valeurs, [Frais::GratuitSousCondition]);
    }

    #[test]
    fn les_langues_etrangeres_de_la_carte_actuelle_ne_donnent_pas_un_filtre_vide() {
        assert_eq!(
            lire::<PriseEnCharge>("Langues étrangères").valeurs,
            [PriseEnCharge::LanguesAutres]
        );
    }
}
