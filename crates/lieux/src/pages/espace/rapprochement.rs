//! Why two records look like one place, in words.

use crate::domain::doublons::{
    bareme::Poids,
    comparaison::{Adresse, Communes, Comparaison, Ecart, Genre, Identifiant, Joignable, Nom, Typologies},
};
use ui::{
    composants::{Colonne, Tableau, Valeur},
    page::Page,
};

/// A trait, what was found of it, and what it weighs.
type Raison = (&'static str, &'static str, i32);

/// Each trait of a comparison, those that weigh most first.
pub fn raisons(comparaison: &Comparaison) -> Vec<Raison> {
    let c = comparaison;
    let mut raisons = vec![
        ("Nom", nom(c.nom), c.nom.poids()),
        ("Adresse", adresse(c.adresse), c.adresse.poids()),
        ("Commune", communes(c.communes), c.communes.poids()),
        ("Distance", ecart(c.ecart), c.ecart.poids()),
        ("Numéro SIRET", identifiant(c.identifiant), c.identifiant.poids()),
        ("Téléphone", joignable(c.telephone), c.telephone.poids()),
        ("Courriel", joignable(c.courriel), c.courriel.poids()),
        ("Genre de lieu", typologies(c.typologies), c.typologies.poids()),
        ("Ce que dit le nom", genre(c.genre), c.genre.poids()),
    ];
    raisons.sort_by_key(|(_, _, poids)| -poids.abs());
    raisons
}

/// The reasons as a table.
pub fn tableau(comparaison: &Comparaison, page: &Page) -> Tableau {
    let ligne = |(titre, constat, poids): Raison| {
        let poids = match poids {
            0 => "ne dit rien".to_owned(),
            plus if plus > 0 => format!("+{plus}"),
            moins => format!("−{}", moins.abs()),
        };
        vec![Valeur::texte(titre), Valeur::texte(constat), Valeur::texte(poids)]
    };
    let mut lignes: Vec<Vec<Valeur>> = raisons(comparaison).into_iter().map(ligne).collect();
    if let Some(metres) = comparaison.metres {
        let [titre, constat] = ["Distance mesurée".to_owned(), page.distance(metres)];
        lignes.push([titre, constat, String::new()].map(Valeur::texte).into());
    }
    Tableau {
        legende: format!(
            "Ce qui les rapproche et ce qui les distingue : {} au total",
            comparaison.note()
        ),
        colonnes: vec![
            Colonne::new("Trait"),
            Colonne::new("Constat"),
            Colonne::chiffres("Poids"),
        ],
        lignes,
    }
}

fn nom(nom: Nom) -> &'static str {
    match nom {
        Nom::Identique => "le même",
        Nom::Proche => "presque le même",
        Nom::Inclus => "l’un contient l’autre",
        Nom::Voisin => "la moitié des mots en commun",
        Nom::Different => "différent",
        Nom::Inconnu => "absent",
    }
}

fn adresse(adresse: Adresse) -> &'static str {
    match adresse {
        Adresse::Identique => "la même",
        Adresse::MemeVoie => "la même rue, un numéro manque",
        Adresse::AutreNumero => "la même rue, un autre numéro",
        Adresse::Differente => "une autre rue",
        Adresse::Inconnue => "absente",
    }
}

fn communes(communes: Communes) -> &'static str {
    match communes {
        Communes::Meme => "la même",
        Communes::Differentes => "deux communes",
        Communes::Inconnues => "absente",
    }
}

fn ecart(ecart: Ecart) -> &'static str {
    match ecart {
        Ecart::SurPlace => "moins de 40 mètres",
        Ecart::ToutPres => "moins de 120 mètres",
        Ecart::Quartier => "moins de 500 mètres",
        Ecart::Eloigne => "moins de 2 kilomètres",
        Ecart::Loin => "plus de 2 kilomètres",
        Ecart::Inconnu => "une position manque",
    }
}

fn identifiant(identifiant: Identifiant) -> &'static str {
    match identifiant {
        Identifiant::MemeEtablissement => "le même établissement",
        Identifiant::MemeUnite => "la même organisation, un autre établissement",
        Identifiant::Autre => "une autre organisation",
        Identifiant::Inconnu => "absent",
    }
}

fn joignable(joignable: Joignable) -> &'static str {
    match joignable {
        Joignable::Meme => "le même",
        Joignable::Autre => "un autre",
        Joignable::Inconnu => "absent",
    }
}

fn typologies(typologies: Typologies) -> &'static str {
    match typologies {
        Typologies::Commune => "un genre en commun",
        Typologies::Incompatibles => "aucun genre en commun",
        Typologies::Inconnues => "absent",
    }
}

fn genre(genre: Genre) -> &'static str {
    match genre {
        Genre::Meme => "le même service",
        Genre::ServicesDistincts => "deux services distincts, même à une seule adresse",
        Genre::Inconnu => "rien",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn les_raisons_se_lisent_de_la_plus_lourde_a_la_plus_legere_et_font_la_note() {
        let comparaison = Comparaison {
            nom: Nom::Identique,
            adresse: Adresse::AutreNumero,
            communes: Communes::Meme,
            ecart: Ecart::SurPlace,
            metres: Some(12.0),
            identifiant: Identifiant::Inconnu,
            telephone: Joignable::Inconnu,
            courriel: Joignable::Autre,
            typologies: Typologies::Inconnues,
            genre: Genre::Inconnu,
            meme_source: false,
        };
        let raisons = raisons(&comparaison);
        let titres: Vec<_> = raisons.iter().take(4).map(|(titre, ..)| *titre).collect();
        assert_eq!(titres, ["Nom", "Adresse", "Distance", "Courriel"]);
        assert_eq!(
            raisons.iter().map(|(_, _, poids)| poids).sum::<i32>(),
            comparaison.note()
        );
    }
}
