use super::*;
use lieux::domain::lieu::Passage;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};

const PLAN: Plan = Plan {
    seed: 7,
    places: 18_000,
    date: jiff::civil::date(2026, 3, 3),
};

fn empreinte(lieux: &[Lieu]) -> String {
    let json = serde_json::to_vec(lieux).unwrap();
    Sha256::digest(&json)
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect()
}

#[test]
fn une_meme_graine_donne_les_memes_lieux_et_une_autre_non() {
    let referentiel = Referentiel::embarque();
    let petit = Plan { places: 500, ..PLAN };
    let empreintes = [petit, petit, Plan { seed: 8, ..petit }].map(|plan| empreinte(&super::lieux(plan, referentiel)));
    assert_eq!(empreintes[0], empreintes[1]);
    assert_ne!(empreintes[0], empreintes[2]);
}

#[test]
fn les_lieux_se_repartissent_selon_la_population_et_l_outre_mer_en_a() {
    let referentiel = Referentiel::embarque();
    let lieux = super::lieux(PLAN, referentiel);
    assert_eq!(lieux.len(), 18_000);
    assert_eq!(lieux.iter().map(|l| l.id).collect::<HashSet<_>>().len(), 18_000);
    let mut par_commune: BTreeMap<&str, usize> = BTreeMap::new();
    for lieu in &lieux {
        let code = lieu.adresse.code_insee.unwrap();
        let commune = referentiel.resoudre(code).unwrap();
        *par_commune.entry(commune.code.as_str()).or_default() += 1;
        assert!(
            referentiel
                .par_code_postal(&lieu.adresse.code_postal)
                .any(|c| c.code == commune.code),
            "{lieu:?}"
        );
        if let Some(position) = lieu.position {
            assert!(position.point.distance_m(commune.point) < 15_000.0, "{lieu:?}");
        }
    }
    let toulouse = par_commune["31555"];
    assert!((100..200).contains(&toulouse), "Toulouse a {toulouse} lieux");
    for (code, nom) in [
        ("97801", "Marigot"),
        ("98818", "Nouméa"),
        ("98735", "Papeete"),
        ("98613", "Mata-Utu"),
        ("97502", "Saint-Pierre"),
        ("97701", "Gustavia"),
    ] {
        assert!(
            par_commune.get(code).is_some_and(|n| *n >= 3),
            "{nom} n’a pas ses lieux"
        );
    }
}

#[test]
fn une_part_des_lieux_se_deplace_et_tous_les_horaires_se_lisent() {
    let lieux = super::lieux(PLAN, Referentiel::embarque());
    let itinerants = lieux.iter().filter(|l| l.est_itinerant()).count();
    assert!((300..1500).contains(&itinerants), "{itinerants} lieux itinérants");
    let mut vus = HashSet::new();
    for lieu in &lieux {
        let regles = lieu.visites.iter().filter_map(|v| match &v.quand {
            Passage::Recurrent { regle } => Some(regle),
            Passage::Date { horaires, .. } => horaires.as_ref(),
        });
        for horaires in lieu.horaires.iter().chain(regles) {
            if vus.insert(horaires.clone()) {
                horaires::Horaires::parse(horaires).unwrap_or_else(|e| panic!("{horaires} : {e}"));
            }
        }
    }
    assert!(vus.len() > 500, "{} horaires différents", vus.len());
}

#[test]
fn aucun_contact_ne_joint_une_vraie_personne() {
    for lieu in super::lieux(Plan { places: 2_000, ..PLAN }, Referentiel::embarque()) {
        if let Some(telephone) = &lieu.contact.telephone {
            let fiction = ["+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998"];
            assert!(
                fiction.iter().any(|debut| telephone.as_str().starts_with(debut)),
                "{telephone}"
            );
        }
        let adresses = lieu
            .contact
            .courriels
            .iter()
            .map(|c| c.as_str())
            .chain(lieu.contact.sites_web.iter().map(|s| s.as_str()));
        for adresse in adresses.chain(lieu.prise_rdv.iter().map(|s| s.as_str())) {
            assert!(adresse.ends_with(".example"), "{adresse}");
        }
    }
}

#[test]
fn un_siret_invente_a_sa_cle_juste() {
    for (huit, etablissement) in [(0, 1), (12_345_678, 40), (99_999_999, 7)] {
        let siret = siret(huit, etablissement);
        assert_eq!(siret.len(), 14);
        assert!(luhn(&siret) && luhn(&siret[..9]), "{siret}");
    }
}
