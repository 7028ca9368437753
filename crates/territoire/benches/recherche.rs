//! Prints how long decoding, indexing and searching the territory take.

use std::time::{Duration, Instant};

use territoire::Referentiel;

const TEXTES: &[&str] = &[
    "p",
    "le",
    "par",
    "paris",
    "saint",
    "saint-denis",
    "st etienne",
    "Saint-Germian-en-Laye",
    "marseile",
    "montpelleir",
    "villeneuve la garenne",
    "75015",
    "38",
    "saint denis 93",
    "Marcq en Baroeul",
    "de la",
    "zzzzzz",
    "lyon 2ème",
    "Mata Utu",
    "saint jean de la porte du bois en haut",
];

fn main() {
    let debut = Instant::now();
    let referentiel = Referentiel::embarque();
    println!("décodage : {:?}", debut.elapsed());
    let debut = Instant::now();
    referentiel.prechauffer();
    println!("index : {:?}", debut.elapsed());
    mesurer("dix premières réponses", 10);
    mesurer("réponse complète", usize::MAX);
}

fn mesurer(titre: &str, limite: usize) {
    let mut durees: Vec<(Duration, &str)> = Vec::new();
    for texte in std::iter::repeat_n(TEXTES, 50).flatten() {
        let debut = Instant::now();
        std::hint::black_box(Referentiel::embarque().chercher(texte, limite));
        durees.push((debut.elapsed(), texte));
    }
    durees.sort();
    let centile = |part: usize| durees[(durees.len() - 1) * part / 100];
    println!("{titre} : p50 {:?}, p99 {:?}", centile(50), centile(99));
}
