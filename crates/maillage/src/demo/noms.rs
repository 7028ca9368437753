//! Names of places and streets, with French elisions.

use super::{genres::Genre, hasard::Hasard, repartition::Endroit};

/// Great figures whose names French public places bear.
const FIGURES: &[&str] = &[
    "Simone-Veil",
    "Marie-Curie",
    "Jean-Jaurès",
    "Louise-Michel",
    "Victor-Hugo",
    "Aimé-Césaire",
    "George-Sand",
    "Olympe-de-Gouges",
    "Jean-Moulin",
    "Colette",
    "Albert-Camus",
    "Rosa-Bonheur",
    "Jules-Verne",
    "Marguerite-Yourcenar",
    "Émile-Zola",
    "Sophie-Germain",
    "Jacques-Prévert",
    "Joséphine-Baker",
    "Pierre-Mendès-France",
    "Germaine-Tillion",
    "Antoine-de-Saint-Exupéry",
    "Alice-Guy",
    "Jean-Macé",
    "Suzanne-Lenglen",
    "François-Arago",
    "Françoise-Sagan",
    "Georges-Brassens",
    "Camille-Claudel",
    "Arthur-Rimbaud",
    "Madeleine-Brès",
    "Denis-Diderot",
    "Christine-de-Pizan",
];
const QUARTIERS: &[&str] = &[
    "Centre",
    "Les Tilleuls",
    "La Gare",
    "Bellevue",
    "Saint-Jean",
    "Les Peupliers",
    "Le Port",
    "Beauséjour",
    "Les Coteaux",
    "La Fontaine",
    "Le Moulin",
    "Les Hauts",
    "La Plaine",
    "Belle-Croix",
    "Les Prés",
    "Le Vieux Pont",
];
const TYPES_DE_VOIE: &[&str] = &[
    "rue",
    "rue",
    "rue",
    "rue",
    "avenue",
    "place",
    "boulevard",
    "chemin",
    "allée",
];
const VOIES: &[&str] = &[
    "de la Mairie",
    "des Écoles",
    "de l’Église",
    "de la Gare",
    "du Marché",
    "de la République",
    "du Moulin",
    "des Tilleuls",
    "de la Liberté",
    "du Général-de-Gaulle",
    "du Stade",
    "de la Fontaine",
    "des Lilas",
    "de la Paix",
    "du 8-Mai-1945",
    "du 11-Novembre",
    "Pasteur",
    "Gambetta",
    "Voltaire",
    "Jean-Jaurès",
    "Victor-Hugo",
    "Simone-Veil",
    "Louise-Michel",
    "Marie-Curie",
    "Jules-Ferry",
    "des Jardins",
    "du Château",
    "de la Poste",
    "des Halles",
    "du Lavoir",
];

/// The name on the door; the first place of a commune has its first name.
pub fn nom(genre: &Genre, endroit: &Endroit, rang: usize, hasard: &mut Hasard) -> String {
    let modele = match (rang, genre.noms) {
        (0, [premier, ..]) => premier,
        (_, noms) => hasard.pris(noms),
    };
    // The person and the part of town are drawn always, so that a change of words changes no other place.
    let (figure, quartier) = (hasard.pris(FIGURES), hasard.pris(QUARTIERS));
    modele
        .replace("{de}", &de(endroit.lieu()))
        .replace("{nom}", figure)
        .replace("{quartier}", quartier)
}

/// Number and street.
pub fn voie(hasard: &mut Hasard) -> String {
    let (genre, nom) = (hasard.pris(TYPES_DE_VOIE), hasard.pris(VOIES));
    match hasard.entre(0..=140) {
        0..=10 => format!("{genre} {nom}"),
        numero if hasard.une_fois_sur(20) => format!("{numero} bis {genre} {nom}"),
        numero => format!("{numero} {genre} {nom}"),
    }
}

/// A commune's name after "de": `de Lyon`, `d’Ajaccio`, `du Mans`, `des Abymes`, `de La Rochelle`.
pub fn de(nom: &str) -> String {
    apres(nom, "de", "d’", "du", "des")
}

/// A commune's name after "à": `à Lyon`, `à Ajaccio`, `au Mans`, `aux Abymes`.
pub fn a(nom: &str) -> String {
    apres(nom, "à", "à ", "au", "aux")
}

fn apres(nom: &str, mot: &str, elision: &str, masculin: &str, pluriel: &str) -> String {
    const VOYELLES: &str = "AEIOUYÀÂÉÈÊËÎÏÔŒÙÛH";
    if let Some(reste) = nom.strip_prefix("Le ") {
        format!("{masculin} {reste}")
    } else if let Some(reste) = nom.strip_prefix("Les ") {
        format!("{pluriel} {reste}")
    } else if nom.chars().next().is_some_and(|c| VOYELLES.contains(c)) {
        format!("{elision}{nom}")
    } else {
        format!("{mot} {nom}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_nom_de_commune_se_lie_a_ce_qui_precede() {
        let cas = [
            ("Lyon", "de Lyon", "à Lyon"),
            ("Ajaccio", "d’Ajaccio", "à Ajaccio"),
            ("Le Mans", "du Mans", "au Mans"),
            ("Les Abymes", "des Abymes", "aux Abymes"),
            ("La Rochelle", "de La Rochelle", "à La Rochelle"),
            ("L’Isle-Adam", "de L’Isle-Adam", "à L’Isle-Adam"),
            ("Évreux", "d’Évreux", "à Évreux"),
        ];
        for (nom, avec_de, avec_a) in cas {
            assert_eq!((de(nom).as_str(), a(nom).as_str()), (avec_de, avec_a));
        }
    }
}
